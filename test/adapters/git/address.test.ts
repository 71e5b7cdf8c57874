import path from "node:path";

import { describe, expect, it } from "vitest";

import { parseAddress, parseRepository } from "../../../src/adapters/git/address.ts";
import { DriftError } from "../../../src/lib/errors.ts";

const secret = "hunter2";

describe("parseRepository", () => {
  it.for<readonly [text: string, transport: string, url: string]>([
    ["/srv/shop", "file", "/srv/shop"],
    ["/srv/a:b@c", "file", "/srv/a:b@c"],
    ["shop", "file", path.resolve("shop")],
    ["./a:b", "file", path.resolve("a:b")],
    ["../shop/", "file", path.resolve("../shop")],
    [".", "file", process.cwd()],
    ["file:///srv/my%20shop", "file", "/srv/my shop"],
    ["https://example.com/shop.git", "https", "https://example.com/shop.git"],
    ["HTTPS://Example.com:8443/shop", "https", "https://example.com:8443/shop"],
    ["ssh://git@example.com:2222/shop.git", "ssh", "ssh://git@example.com:2222/shop.git"],
    ["ssh://example.com/~ada/shop", "ssh", "ssh://example.com/~ada/shop"],
    ["git@example.com:team/shop.git", "ssh", "git@example.com:team/shop.git"],
    ["example.com:shop", "ssh", "example.com:shop"],
    ["git@[::1]:shop", "ssh", "git@[::1]:shop"],
  ])("reads %s as %s", ([text, transport, url]) => {
    expect(parseRepository(text)).toMatchObject({ transport, url });
  });

  it.for([
    "",
    "ext::sh -c touch% /tmp/x",
    "fd::17",
    "file::/srv/shop",
    "git://example.com/shop.git",
    "http://example.com/shop.git",
    "ftp://example.com/shop.git",
    "git+ssh://example.com/shop.git",
    "--upload-pack=touch x",
    "-u",
    "ssh://-oProxyCommand=touch/shop",
    "ssh://%2doProxyCommand=touch@example.com/shop",
    "-oProxyCommand=touch:shop",
    "git@-oProxyCommand=touch:shop",
    "example.com:-shop",
    "https:/example.com/shop.git",
    "HTTPS:example.com/shop.git",
    "ssh:/git@example.com/shop.git",
    "git:shop",
    "ada@file:/srv/shop",
    "ssh:///shop",
    "https://",
    "file://example.com/srv/shop",
    "file:///srv/a%0ab",
    "/srv/shop\nhttps://example.com",
    "https://example.com/\u001b[31mshop",
  ])("refuses %j", (text) => {
    expect(() => parseRepository(text)).toThrow(
      expect.objectContaining({ code: "REPOSITORY_URL_REFUSED" }) as Error,
    );
  });

  it.for([
    `https://ada:${secret}@example.com/shop.git`,
    `https://${secret}@example.com/shop.git`,
    `https://ada:pa/${secret}@example.com/shop.git`,
    `https://ada:p@${secret}@example.com/shop.git`,
    `https://ada:${secret}?@example.com/shop.git`,
    `https://ada:${secret}\n@example.com/shop.git`,
    `https://example.com/shop.git?private_token=${secret}`,
    `https://example.com/shop.git#${secret}`,
    `http://ada:${secret}@example.com/shop.git`,
    `ssh://ada:${secret}@example.com/shop.git`,
    `ada:${secret}@example.com:shop.git`,
    `ftp://${secret}@example.com/`,
    `ext::sh -c curl% https://${secret}@example.com`,
    `-${secret}@example.com`,
    `https:/ada:${secret}@example.com/shop.git`,
    `https:/${secret}@example.com/shop.git`,
    `htps:/ada:${secret}@example.com/shop.git`,
    `htps:/${secret}@example.com/shop.git`,
    `//ada:${secret}@example.com/shop.git`,
    `//${secret}@example.com/shop.git`,
    `/ada:${secret}@example.com/shop.git`,
  ])("refuses a credential and does not repeat it: %s", (text) => {
    let thrown: unknown;
    try {
      parseRepository(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "REPOSITORY_URL_REFUSED" });
    const { message, hint, details } = thrown as DriftError;
    expect([message, hint, ...details].join("\n")).not.toContain(secret);
  });
});

it.for([
  [`/srv/https/ada:${secret}@example.com/shop.git`, "/srv/https/***@example.com/shop.git"],
  ["/srv/a:b@c", "/srv/***@c"],
  ["ssh://git@example.com:2222/a@b", "ssh://git@example.com:2222/a@b"],
  ["git@example.com:team/shop.git", "git@example.com:team/shop.git"],
  [`example.com:/srv/ada:${secret}@x/shop.git`, "example.com:/srv/***@x/shop.git"],
])("what looks like a password in a path is for Git only: %s", ([url = "", shown]) => {
  expect(parseRepository(url)).toMatchObject({ url, shown });
});

describe("parseAddress", () => {
  const token = { type: "token", tokenFile: "/run/token" } as const;
  const key = { type: "ssh-key", keyFile: "/run/id" } as const;

  it("keeps the access beside the address", () => {
    expect(parseAddress("https://example.com/shop.git", token).access).toEqual(token);
    expect(parseAddress("git@example.com:shop", key).access).toEqual(key);
    expect(parseAddress("/srv/shop", undefined).access).toBeUndefined();
  });

  it.for([
    ["git@example.com:shop", token, "a token is for https only"],
    ["/srv/shop", token, "a token is for https only"],
    ["https://example.com/shop.git", key, "an ssh key is for ssh only"],
    ["file:///srv/shop", key, "an ssh key is for ssh only"],
  ] as const)("refuses for %s what is not for it: %o", ([text, access, reason]) => {
    expect(() => parseAddress(text, access)).toThrow(
      expect.objectContaining({
        code: "REPOSITORY_URL_REFUSED",
        message: expect.stringContaining(reason) as string,
      }),
    );
  });
});
