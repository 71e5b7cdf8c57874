import { inspect } from "node:util";

/** Makes an object print as its name and nothing else, also in JSON, because it holds something secret. */
export function hide<T extends object>(target: T, name: string): T {
  const shown = `[${name}]`;
  const show = { value: () => shown, enumerable: false };
  return Object.defineProperties(target, { [inspect.custom]: show, toJSON: show, toString: show });
}
