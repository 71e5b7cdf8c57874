import { field, isList, type Json, textField } from "../../core/model/json.ts";
import { type ApiFailure, explainInvalid } from "./failure.ts";
import { apiVersionOf, type ServedKind } from "./served-kind.ts";

/** One page of a list as it came. */
export interface Page {
  readonly type: "page";
  readonly items: readonly Json[];
  /** The token of the next page; "" on the last one. */
  readonly next: string;
  readonly resourceVersion: string;
}

/** A list that has to be read again from its first page. */
export interface Overtaken {
  readonly type: "overtaken";
  readonly because: ApiFailure;
}

/**
 * Reads one page of a list of the kind that was asked for. Two groups may have kinds of one name: a list of the other
 * group is none of this one.
 * Source: https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.32/#listmeta-v1-meta
 */
export function readPage(answer: Json, kind: ServedKind): Page | Overtaken | ApiFailure {
  const items = field(answer, "items");
  const metadata = field(answer, "metadata");
  const resourceVersion = textField(metadata, "resourceVersion");
  const token = field(metadata, "continue");
  const next = token === undefined ? "" : token;
  const isOfKind =
    textField(answer, "kind") === `${kind.kind}List` &&
    textField(answer, "apiVersion") === apiVersionOf(kind);
  if (!isOfKind || !isList(items) || resourceVersion === "" || typeof next !== "string") {
    return explainInvalid(`the server's answer is no list of ${kind.kind}`);
  }
  if (next === "" && saysMore(field(metadata, "remainingItemCount"))) {
    return again("it says that more objects follow, and not where");
  }
  return { type: "page", items, next, resourceVersion };
}

function saysMore(remaining: Json | undefined): boolean {
  return (typeof remaining === "number" || typeof remaining === "bigint") && remaining > 0;
}

/** That a list is of no use, and why. */
export function again(what: string, code = "LIST_INCONSISTENT"): Overtaken {
  const because: ApiFailure = {
    type: "failed",
    code,
    reason: `the server's list cannot be used: ${what}`,
    hint: "Scan again; if it stays, look at the API servers behind the address: one of them may be behind.",
  };
  return { type: "overtaken", because };
}
