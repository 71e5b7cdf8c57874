import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A key and its certificate, both PEM. */
export interface IssuedCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Something that issues certificates. */
export interface TestAuthority extends IssuedCertificate {
  /** A certificate for these names and IPv4 addresses. */
  readonly issue: (commonName: string, names?: readonly string[]) => IssuedCertificate;
}

/** DER: a tag, a length and the content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const utcTime = (text: string) => der(0x17, Buffer.from(text, "latin1"));
const nameOf = (text: string) =>
  sequence(der(0x31, sequence(objectId("550403"), der(0x0c, Buffer.from(text)))));

interface Subject {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly isAuthority: boolean;
  readonly names: readonly string[];
}

/**
 * Makes an authority, because Node can read but not write certificates and no test may need openssl. The ids are
 * ecdsa-with-SHA256, commonName, basicConstraints and subjectAltName (RFC 5280, RFC 5758).
 */
export function createAuthority(commonName = "drift test authority"): TestAuthority {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const certify = (subject: Subject): string => certificatePem(subject, commonName, privateKey);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: certify({ commonName, publicKey, isAuthority: true, names: [] }),
    issue: (subjectName, names = []) => {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return {
        key: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        cert: certify({ commonName: subjectName, publicKey: pair.publicKey, isAuthority: false, names }),
      };
    },
  };
}

function certificatePem(subject: Subject, issuer: string, issuerKey: KeyObject): string {
  const algorithm = sequence(objectId("2a8648ce3d040302"));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer),
    sequence(utcTime("200101000000Z"), utcTime("491231235959Z")),
    nameOf(subject.commonName),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensionsOf(subject)),
  );
  const signature = sign("sha256", body, issuerKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString("base64").replace(/.{64}(?!$)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function extensionsOf({ isAuthority, names }: Subject): Buffer {
  const constraints = sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []));
  const basic = sequence(objectId("551d13"), der(0x01, Buffer.from([0xff])), der(0x04, constraints));
  const alternatives = names.map((name) =>
    /^[\d.]+$/.test(name)
      ? der(0x87, Buffer.from(name.split(".").map(Number)))
      : der(0x82, Buffer.from(name, "latin1")),
  );
  if (alternatives.length === 0) return sequence(basic);
  return sequence(basic, sequence(objectId("551d11"), der(0x04, sequence(...alternatives))));
}
