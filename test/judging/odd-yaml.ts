import { isList, isObject, type Json, type JsonObject } from "../../src/core/model/json.ts";
import type { Seeded } from "../support/seeded.ts";

/** Writes objects as people do: block and flow, quotes where none are needed, comments, anchors. */
export class OddYaml {
  readonly #chances: Seeded;
  readonly #anchors = new Map<string, string>();

  constructor(chances: Seeded) {
    this.#chances = chances;
  }

  /** One document with a line break at its end. Anchors hold for the one document. */
  write(value: Json): string {
    this.#anchors.clear();
    if (this.#chances.has(0.08)) return `${JSON.stringify(value, undefined, 2)}\n`;
    return `${this.#comment("")}${this.#block(value, 0).join("\n")}\n`;
  }

  #block(value: Json, indent: number): readonly string[] {
    if (isObject(value)) return Object.entries(value).flatMap((entry) => this.#entry(entry, indent));
    if (isList(value)) return value.flatMap((item) => this.#item(item, indent));
    return [`${" ".repeat(indent)}${this.#scalar(value, indent)}`];
  }

  #entry([key, value]: readonly [string, Json], indent: number): readonly string[] {
    const start = `${" ".repeat(indent)}${this.#key(key)}:`;
    if (this.#isInline(value)) return [`${start} ${this.#inline(value, indent)}${this.#remark(value)}`];
    const deeper = isList(value) && this.#chances.has(0.5) ? indent : indent + 2;
    return [`${start}${this.#remark({})}`, ...this.#block(value, deeper)];
  }

  #item(value: Json, indent: number): readonly string[] {
    const dash = `${" ".repeat(indent)}- `;
    if (this.#isInline(value)) return [`${dash}${this.#inline(value, indent)}${this.#remark(value)}`];
    const [first = "", ...rest] = this.#block(value, indent + 2);
    return [`${dash}${first.trimStart()}`, ...rest];
  }

  /** Whether it stands on the line of its key or dash. */
  #isInline(value: Json): boolean {
    if (!isList(value) && !isObject(value)) return true;
    return Object.keys(value).length === 0 || (JSON.stringify(value).length < 90 && this.#chances.has(0.25));
  }

  #inline(value: Json, indent: number): string {
    if (isList(value)) return `[${value.map((item) => this.#inline(item, -1)).join(", ")}]`;
    if (!isObject(value)) return this.#scalar(value, indent);
    const fields = Object.entries(value).map(([key, item]) => `${this.#key(key)}: ${this.#inline(item, -1)}`);
    const space = this.#chances.has(0.5) ? " " : "";
    return fields.length === 0 ? "{}" : `{${space}${fields.join(", ")}${space}}`;
  }

  #scalar(value: Json, indent: number): string {
    if (typeof value === "string" && value.includes("\n")) {
      return indent < 0 ? JSON.stringify(value) : literal(value, indent);
    }
    // In braces a comma behind an alias would be read as a part of it.
    return value === null || typeof value === "boolean"
      ? this.#text(value)
      : this.#anchored(value, indent < 0 ? " " : "");
  }

  #anchored(value: Json, behind: string): string {
    const id = JSON.stringify(value);
    const known = this.#anchors.get(id);
    if (known !== undefined && this.#chances.has(0.5)) return `*${known}${behind}`;
    if (!this.#chances.has(0.06)) return this.#text(value);
    const name = `a${String(this.#anchors.size)}`;
    this.#anchors.set(id, name);
    return `&${name} ${this.#text(value)}`;
  }

  #text(value: Json): string {
    if (typeof value !== "string") return JSON.stringify(value);
    const isSafe =
      /^(?:[a-z][\w./-]*|\d+(?:ms|s))$/i.test(value) &&
      !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
    if (isSafe && this.#chances.has(0.75)) return value;
    return this.#chances.has(0.5) ? JSON.stringify(value) : `'${value.replaceAll("'", "''")}'`;
  }

  #key(key: string): string {
    if (!/^[\w./-]+$/.test(key)) return JSON.stringify(key);
    return this.#chances.has(0.06) ? JSON.stringify(key) : key;
  }

  #remark(value: Json): string {
    const isText = typeof value === "string" && value.includes("\n");
    return !isText && this.#chances.has(0.08) ? " # as agreed: {see [wiki]}" : "";
  }

  #comment(indent: string): string {
    return this.#chances.has(0.2) ? `${indent}# Ask the mesh team, "first".\n` : "";
  }
}

function literal(value: string, indent: number): string {
  const margin = " ".repeat(indent + 2);
  const sign = value.endsWith("\n") ? "|" : "|-";
  const lines = value.replace(/\n$/, "").split("\n");
  return [sign, ...lines.map((line) => (line === "" ? "" : `${margin}${line}`))].join("\n");
}

/** The objects of one file: documents, or a List. */
export function writeFileOf(objects: readonly JsonObject[], chances: Seeded): string {
  const yaml = new OddYaml(chances);
  if (objects.length > 1 && chances.has(0.15)) {
    return yaml.write({ apiVersion: "v1", kind: "List", items: objects });
  }
  return objects.map((object) => yaml.write(object)).join("---\n");
}
