import type { ConnectOptions } from "../../src/adapters/kubernetes/connect/access.ts";

/** Connects without anything from the environment: no home, no plugins, nothing insecure. */
export const plainConnect: ConnectOptions = {
  env: {},
  homeFolder: () => "/nowhere",
  now: () => new Date(),
  allowInsecure: false,
  execPlugins: [],
  execTimeoutMs: 1000,
  onWarning: () => undefined,
};
