import eslint from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/** What plain scripts find in the global scope of Node. */
const nodeGlobals = Object.fromEntries(
  [
    ...["process", "console", "Buffer", "URL", "TextDecoder", "TextEncoder"],
    ...["WebAssembly", "performance", "setTimeout", "clearTimeout"],
    ...["SharedArrayBuffer", "Atomics", "structuredClone", "AbortController"],
  ].map((name) => [name, "readonly" as const]),
);

const pureCore = "core/ is pure: pass the value in (time comes as `now`), or move the I/O to adapters/.";

export default defineConfig(
  { ignores: ["dist", "coverage", "demo"] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    files: ["**/*.ts", "**/*.mjs"],
    rules: {
      "max-lines": ["error", 300],
      "max-lines-per-function": ["error", 50],
      complexity: ["error", 10],
      "max-params": ["error", 4],
    },
  },
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-console": "error",
    },
  },
  {
    files: ["src/core/**"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["Date", "process", "fetch", "setTimeout", "Buffer"].map((name) => ({
          name,
          message: pureCore,
        })),
      ],
      "no-restricted-imports": ["error", { patterns: [{ regex: "^node:", message: pureCore }] }],
    },
  },
  {
    files: ["src/core/model/digest.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    // The one place that makes a Date: of moments that it is given.
    files: ["src/core/model/instant.ts"],
    rules: { "no-restricted-globals": "off" },
  },
  {
    files: ["test/**"],
    rules: {
      "max-lines-per-function": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.object.name='vi'][callee.property.name='mock']",
          message: "Inject a port instead of mocking a module.",
        },
      ],
    },
  },
  {
    files: ["**/*.cjs", "**/*.mjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { module: "writable", ...nodeGlobals } },
    rules: { "no-console": "off" },
  },
);
