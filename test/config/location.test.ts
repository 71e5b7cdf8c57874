import { expect, it } from "vitest";
import { holdsCredentials, isUrl, normaliseOverlay } from "../../src/config/location.ts";

it.for([
  ["https://git.example.com/mesh.git", true],
  ["ssh://git@git.example.com:22/mesh.git", true],
  ["git@git.example.com:acme/mesh.git", true],
  ["file:///srv/mesh.git", true],
  ["../mesh", false],
  ["/srv/mesh.git", false],
  [".", false],
  ["./a:b", false],
] as const)("tells whether %s is a URL: %s", ([text, expected]) => {
  expect(isUrl(text)).toBe(expected);
});

it.for([
  ["https://token@git.example.com/mesh.git", true],
  ["http://token@git.example.com/mesh.git", true],
  ["https://user:password@git.example.com/mesh.git", true],
  ["HTTPS://user:pass@word@git.example.com/mesh.git", true],
  ["ssh://user:password@git.example.com/mesh.git", true],
  ["ssh://git@git.example.com/mesh.git", false],
  ["git@git.example.com:acme/mesh.git", false],
  ["https://git.example.com/a@b", false],
  ["../mesh@2", false],
] as const)("tells whether %s holds a credential: %s", ([text, expected]) => {
  expect(holdsCredentials(text)).toBe(expected);
});

it.for([
  ["overlays/prod/eu1", "overlays/prod/eu1"],
  ["./overlays//prod/", "overlays/prod"],
  [".", ""],
  ["a/..b", "a/..b"],
  ["/etc", undefined],
  ["../x", undefined],
  ["a/../b", undefined],
  ["a\\b", undefined],
] as const)("takes the overlay %s for %s", ([overlay, expected]) => {
  expect(normaliseOverlay(overlay)).toBe(expected);
});
