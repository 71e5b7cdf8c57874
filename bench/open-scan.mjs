// What the programs that measure inside of a process begin with.
import os from "node:os";
import { loadConfig } from "../src/config/load.ts";
import { wireScan } from "../src/wire.ts";

/** A configuration and its adapters. @param {readonly string[]} args PACKAGE CONFIG CACHE */
export async function openScan([packageFolder = "", configPath = "", cacheFolder = ""]) {
  const { config } = await loadConfig(process.cwd(), configPath);
  const { ports, close } = await wireScan(config, {
    packageFolder,
    cacheFolder,
    useCache: true,
    now: () => new Date(),
    stdin: process.stdin,
    env: process.env,
    homeFolder: () => os.homedir(),
    allowInsecure: false,
    onWarning: (message) => console.error(message),
  });
  return { config, ports, close };
}
