import { generateKeyPairSync, sign } from "node:crypto";

/** A key and a self-signed certificate for 127.0.0.1, in PEM, as an HTTPS server and its clients take them. */
interface TestCertificate {
  readonly key: string;
  readonly cert: string;
}

/** What a certificate may be wrong in. */
interface CertificateOptions {
  /** The IPv4 address it is for. 127.0.0.1 without it. */
  readonly address?: string;
  /** When it ends, as UTCTime writes it: "200102000000Z". The end of 2049 without it. */
  readonly notAfter?: string;
}

/** DER: a tag, a length and the content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const bytes = (hex: string) => Buffer.from(hex, "hex");
const objectId = (hex: string) => der(0x06, bytes(hex));
const utcTime = (text: string) => der(0x17, Buffer.from(text, "latin1"));

/**
 * Makes a certificate, because Node can read but not write them and no test may need openssl. The ids are
 * ecdsa-with-SHA256, commonName, basicConstraints and subjectAltName (RFC 5280, RFC 5758).
 */
export function createCertificate(options: CertificateOptions = {}): TestCertificate {
  const { address = "127.0.0.1", notAfter = "491231235959Z" } = options;
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectId("2a8648ce3d040302"));
  const name = sequence(der(0x31, sequence(objectId("550403"), der(0x0c, Buffer.from("drift test")))));
  const isAuthority = sequence(der(0x01, bytes("ff")));
  const addresses = sequence(der(0x87, Buffer.from(address.split(".").map(Number))));
  const extensions = sequence(
    sequence(objectId("551d13"), der(0x01, bytes("ff")), der(0x04, isAuthority)),
    sequence(objectId("551d11"), der(0x04, addresses)),
  );
  const body = sequence(
    der(0xa0, der(0x02, bytes("02"))),
    der(0x02, bytes("01")),
    algorithm,
    name,
    sequence(utcTime("200101000000Z"), utcTime(notAfter)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = sign("sha256", body, privateKey);
  const certificate = sequence(body, algorithm, der(0x03, bytes("00"), signature));
  const lines = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}
