import { BlockList, isIP } from "node:net";
import { isLoopback, refused } from "./endpoint.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const schemes: ReadonlySet<string> = new Set(["http:", "https:", "socks5:", "socks5h:"]);

/**
 * The proxy for a server, as kubectl chooses it: `proxyUrl` of the kubeconfig always wins; else HTTPS_PROXY (HTTP_PROXY
 * for plain http) unless NO_PROXY or a loopback address says otherwise (golang.org/x/net/http/httpproxy). Upper case
 * wins over lower case; ALL_PROXY means nothing. Throws CLUSTER_ACCESS_REFUSED, without the URL: it may hold a password.
 */
export function chooseProxy(server: URL, proxyUrl: string | undefined, env: Environment): URL | undefined {
  if (proxyUrl !== undefined) return parseProxy(proxyUrl, "proxy-url");
  const name = server.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const fromEnv = either(env, name);
  if (fromEnv === "" || isLoopback(server.hostname)) return undefined;
  if (isExempt(server, either(env, "NO_PROXY"))) return undefined;
  return parseProxy(/^[a-z][a-z\d]*:\/\//i.test(fromEnv) ? fromEnv : `http://${fromEnv}`, name);
}

function either(env: Environment, name: string): string {
  const upper = env[name] ?? "";
  return upper === "" ? (env[name.toLowerCase()] ?? "") : upper;
}

function parseProxy(text: string, where: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !schemes.has(url.protocol) || url.hostname === "") {
    throw refused(
      `${where} is no URL of a proxy`,
      "Write it as http://, https:// or socks5:// with host and port.",
    );
  }
  if (isEscaped(url.username) && isEscaped(url.password)) return url;
  throw refused(
    `${where} has a user name or password with a % that begins no escape`,
    "Write % in them as %25, and other special characters by their codes, too.",
  );
}

function isEscaped(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function isExempt(server: URL, noProxy: string): boolean {
  const host = server.hostname.toLowerCase().replace(/^\[|\]$/g, "");
  const port = server.port === "" ? (server.protocol === "https:" ? "443" : "80") : server.port;
  return noProxy
    .toLowerCase()
    .split(",")
    .some((rule) => matches(rule.trim(), host, port));
}

/** One rule of NO_PROXY: `*`, an address, a network, a domain with its subdomains, `.domain` for subdomains alone. */
function matches(rule: string, host: string, port: string): boolean {
  if (rule === "") return false;
  if (rule === "*") return true;
  if (rule.includes("/")) return isInNetwork(host, rule);
  const { name, rulePort } = splitRule(rule);
  if (rulePort !== "" && rulePort !== port) return false;
  const domain = canonicalHost(name).replace(/^\*\./, ".");
  return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

/** An IPv6 address in the one form that URLs have it in: "fd00:0::1" is "fd00::1". */
function canonicalHost(name: string): string {
  const url = `http://[${name}]`;
  return isIP(name) === 6 && URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : name;
}

/** `host`, `host:port`, `::1`, `[::1]` or `[::1]:port`. */
function splitRule(rule: string): { readonly name: string; readonly rulePort: string } {
  const parts = isIP(rule) === 6 ? undefined : /^(.*?):(\d+)$/.exec(rule);
  return { name: (parts?.[1] ?? rule).replace(/^\[|\]$/g, ""), rulePort: parts?.[2] ?? "" };
}

function isInNetwork(host: string, rule: string): boolean {
  const [network = "", bits = ""] = rule.split("/");
  const family = isIP(network);
  if (family === 0 || isIP(host) !== family || !/^\d+$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}
