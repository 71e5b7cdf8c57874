import type { Json } from "../../model/json.ts";
import { isSharedClear } from "../shared-config.ts";
import * as s from "../shapes.ts";
import type { Answer, Field, FieldRow, Order, Site } from "../table.ts";

/**
 * Words for the mesh configuration, which is decoded onto Istio's defaults: a setting that is left out keeps what lies
 * under it, and one that is there replaces it, also by a zero.
 */

const source = "istio pkg/config/mesh/mesh.go";

/** MeshConfig itself, by which what is shared is read. Given once the table stands, since its fields ask for it. */
export type ShapeOfAll = () => Field;

/** The words for one message of settings. */
export interface Settings {
  /** Whether it is known what lies under a setting, or what would have to be. */
  readonly isClear: (at: Site) => Answer;
  /** A setting that is the zero of its type unless it is set. */
  readonly plain: (field: Field) => Field;
  /** A setting that has another value than the zero of its type unless it is set. */
  readonly unless: (name: string, value: Json, field: Field) => Field;
}

/** `all` gives the message that all settings stand in. */
export function settingsOf(all: ShapeOfAll): Settings {
  const isClear = (at: Site): Answer => isSharedClear(at, all());
  return {
    isClear,
    plain: (field) => ({ ...field, presence: field.presence ?? ((at) => isClear(at) !== true) }),
    unless: (name, value, field) => {
      const row = s.absent(`mesh-config/default-${name}`, "E1", value, {
        reason: `Without the key Istio takes ${JSON.stringify(value)}.`,
        source: `${source}:38-55, 65-131`,
        when: isClear,
      });
      return s.present({ ...field, rows: [...(field.rows ?? []), row] });
    },
  };
}

/** A list whose order the decoder keeps, and of which nobody showed that it does not count. */
export function inOrder(identity?: Order["identity"]): Order {
  return s.ordered(
    "mesh-config/list-order",
    { reason: "Istio keeps a list as it is written, so its order counts.", source: `${source}:191-206` },
    identity,
  );
}

/** A zero that is no default. */
export function zeroTrap(name: string, zero: Json, reason: string): readonly FieldRow[] {
  return [s.trap(`mesh-config/${name}`, [undefined, zero], { reason, source: `${source}:191-206` })];
}
