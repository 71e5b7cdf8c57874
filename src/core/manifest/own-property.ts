import type { Json } from "../model/json.ts";

/** Sets an own property of an object under construction, also where the key is `__proto__`. */
export function setOwn(object: Record<string, Json>, key: string, value: Json): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
