import { expect, it } from "vitest";
import { hideSecrets } from "../../../src/adapters/kubernetes/secret-shapes.ts";

it.for([
  ["AWS_SECRET_ACCESS_KEY=s3cr/et+x", "AWS_SECRET_ACCESS_KEY=***"],
  ["SecretAccessKey: s3cret", "SecretAccessKey: ***"],
  ["private_key=s3cret", "private_key=***"],
  ["client-key-data: s3cret", "client-key-data: ***"],
  ["x-api-key: s3cret", "x-api-key: ***"],
  ["https://h/?X-Amz-Signature=s3cret&x=1", "https://h/?X-Amz-Signature=***&x=1"],
  ["https://h/?a=1&sig=s3cret", "https://h/?a=1&sig=***"],
  ["token%3Ds3cret", "token%3D***"],
  ["run it with --token s3cret -n shop", "run it with --token *** -n shop"],
  ["curl -u jane:s3cret https://h", "curl -u *** https://h"],
  ["Authorization: Token s3cret", "Authorization: ***"],
  ["Cookie: a=s3cret; b=s3cret", "Cookie: ***"],
  ["passphrase: s3cret s3cret", "passphrase: ***"],
  ["password=a,s3cret;s3cret&s3cret x", "password=*** x"],
  ["token:\n  s3cret\nnext", "token:\n  ***\nnext"],
  ["to\u200bken=\u001b[31ms3cret", "token=***"],
  ["https://jane:s3c/s3cret@h/x", "https://***@h/x"],
  ["https://jane:s@s3cret@h/x", "https://***@h/x"],
  ["https://s3cret@h/x", "https://***@h/x"],
  [String.raw`"password":"a\"s3cret","c":"kept"`, `"password":***,"c":"kept"`],
  [
    String.raw`{"a":"{\"token\":\"s3cret s3cret\",\"b\":\"kept\"}"}`,
    String.raw`{"a":"{\"token\":***,\"b\":\"kept\"}"}`,
  ],
  ["-----BEGIN KEY-----\ns3cret\n-----END KEY-----\nlast", "***\nlast"],
  ["-----BEGIN KEY-----\ns3cret", "***"],
  ["s3cret\ns3cret==\n-----END RSA PRIVATE KEY-----\nlast", "***\nlast"],
  [`${"s3cret/+".repeat(8)}\nlast`, "***\nlast"],
  [`got ${"s3cRet".repeat(8)} back`, "got *** back"],
  ["bearer s3cret-s3cret", "bearer ***"],
  ["got AKIAIOSFODNN7S3CRETX", "got ***"],
  ["got ghp_s3cret0123456789s3cret", "got ***"],
] as const)("hides what is secret in %j", ([text, expected]) => {
  expect(hideSecrets(text)).toBe(expected);
  expect(hideSecrets(expected)).toBe(expected);
});

it.for([
  "the SSO session has expired: run aws sso login --profile prod",
  "see https://idp.example.com:8443/jane@example.com/x?user=jane@example.com",
  "basic authentication is off: the server wants a bearer token",
  'secrets is forbidden: User "jane" cannot list resource "secrets"',
  'File "/Users/Jane1/google-cloud-sdk/lib/googlecloudsdk/core2/execution_utils/run.py", line 12',
  "sha256:0f343b0931126a20f133d67c2b018a3b5d0c0a0d3f6d7a0a0d3f6d7a0a0d3f6d",
  "arn:aws:eks:us-east-1:123456789012:cluster/prod-eu1-with-a-rather-long-name-of-its-own",
])("leaves %j as it is", (text) => {
  expect(hideSecrets(text)).toBe(text);
});
