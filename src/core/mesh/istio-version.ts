/** The newest Istio whose fields the tables have: those of istio.io/api v1.30.3 were compared one by one. */
export const newestKnown = "1.30";

/** Whether an Istio ("1.30.3") is newer than the tables; undefined where its version is not known. */
export function isNewerThanKnown(version: string): boolean | undefined {
  const [given, known] = [partsOf(version), partsOf(newestKnown)];
  if (given === undefined || known === undefined) return undefined;
  return given.major > known.major || (given.major === known.major && given.minor > known.minor);
}

function partsOf(version: string): { readonly major: number; readonly minor: number } | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}
