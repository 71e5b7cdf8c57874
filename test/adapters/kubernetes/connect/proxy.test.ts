import { expect, it } from "vitest";
import { chooseProxy } from "../../../../src/adapters/kubernetes/connect/proxy.ts";

const proxy = "http://proxy.example.com:3128";
const api = "https://api.example.com:6443";

it.for([
  [api, { HTTPS_PROXY: proxy }, `${proxy}/`],
  [api, { https_proxy: proxy }, `${proxy}/`],
  [api, { HTTPS_PROXY: proxy, https_proxy: "http://other.example.com" }, `${proxy}/`],
  [api, { HTTPS_PROXY: "", https_proxy: proxy }, `${proxy}/`],
  [api, { HTTPS_PROXY: "proxy.example.com:3128" }, `${proxy}/`],
  [api, { HTTPS_PROXY: "socks5://proxy.example.com" }, "socks5://proxy.example.com"],
  [api, { HTTP_PROXY: proxy }, undefined],
  [api, { ALL_PROXY: proxy, all_proxy: proxy }, undefined],
  ["http://api.example.com", { HTTP_PROXY: proxy }, `${proxy}/`],
  ["http://api.example.com", { HTTPS_PROXY: proxy }, undefined],
  ["https://localhost:6443", { HTTPS_PROXY: proxy }, undefined],
  ["https://127.0.0.53", { HTTPS_PROXY: proxy }, undefined],
  ["https://[::1]:6443", { HTTPS_PROXY: proxy }, undefined],
  ["https://127.example.com", { HTTPS_PROXY: proxy }, `${proxy}/`],
] as const)("finds for %s in %j the proxy %s", ([server, env, expected]) => {
  expect(chooseProxy(new URL(server), undefined, env)?.href).toBe(expected);
});

it.for([
  ["*", api, true],
  ["example.com", api, true],
  ["EXAMPLE.com", api, true],
  [".example.com", api, true],
  ["*.example.com", api, true],
  [".api.example.com", api, false],
  ["ple.com", api, false],
  ["a.invalid, api.example.com", api, true],
  ["api.example.com:6443", api, true],
  ["api.example.com:443", api, false],
  ["api.example.com:443", "https://api.example.com", true],
  ["10.0.0.7", "https://10.0.0.7:6443", true],
  ["10.0.0.7:6443", "https://10.0.0.7:6443", true],
  ["10.0.0.0/8", "https://10.0.0.7:6443", true],
  ["10.0.0.0/8", "https://11.0.0.7:6443", false],
  ["10.0.0.0/99", "https://10.0.0.7:6443", false],
  ["10.0.0.0/8", api, false],
  ["fd00::/8", "https://[fd00::1]:6443", true],
  ["fd00::1", "https://[fd00::1]:6443", true],
  ["[fd00::1]:6443", "https://[fd00::1]:6443", true],
  ["fd00::2", "https://[fd00::1]:6443", false],
  ["fd00:0:0:0:0:0:0:1", "https://[fd00::1]:6443", true],
  ["FD00:0::01", "https://[fd00::1]:6443", true],
  ["[fd00:0::1]:6443", "https://[fd00::1]:6443", true],
  ["[fd00:0::1]:443", "https://[fd00::1]:6443", false],
  ["fe80::1%eth0", "https://[fe80::1]:6443", false],
  ["fd00:0::/8", "https://[fd00::1]:6443", true],
  [",, ,", api, false],
] as const)("NO_PROXY=%s exempts %s: %s", ([rules, server, isExempt]) => {
  const found = chooseProxy(new URL(server), undefined, { HTTPS_PROXY: proxy, NO_PROXY: rules });
  expect(found === undefined).toBe(isExempt);
});

it("prefers proxy-url to everything, also for this machine", () => {
  const env = { HTTPS_PROXY: "http://other.example.com", NO_PROXY: "*" };
  expect(chooseProxy(new URL("https://127.0.0.1"), proxy, env)?.host).toBe("proxy.example.com:3128");
});

it.for([
  ["ftp://jane:s3cret@proxy.example.com", {}],
  [undefined, { HTTPS_PROXY: "ftp://jane:s3cret@proxy.example.com" }],
  ["jane:s3cret@proxy", {}],
] as const)("refuses a proxy of another kind without showing its password", ([proxyUrl, env]) => {
  expect(() => chooseProxy(new URL(api), proxyUrl, env)).toThrow(
    /^(proxy-url|HTTPS_PROXY) is no URL of a proxy$/,
  );
});

it.for(["http://jane:50%zz@proxy.example.com", "http://100%:x@proxy.example.com"])(
  "refuses a login that cannot be sent, without showing it: %s",
  (proxyUrl) => {
    expect(() => chooseProxy(new URL(api), proxyUrl, {})).toThrow(
      /^proxy-url has a user name or password with a % that begins no escape$/,
    );
  },
);
