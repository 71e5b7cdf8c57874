import {
  addField,
  addItem,
  applyEdits,
  renameField,
  replaceValue,
  type TextEdit,
} from "../../manifest/edit-text.ts";
import type { SourceMap } from "../../manifest/source-nodes.ts";
import type { Mark } from "./marks.ts";
import type { TraceSource } from "./source-file.ts";

/**
 * The new texts of the files that marks change. Operations that test a value are taken out everywhere, because they
 * would fail where another value stands; what they do is nothing but fail.
 */
export function editSources(
  sources: readonly TraceSource[],
  marks: readonly Mark[],
): ReadonlyMap<string, string> {
  const edited = new Map<string, string>();
  const edits = new Map<TraceSource, TextEdit[]>();
  const add = (source: TraceSource, edit: TextEdit) => {
    const list = edits.get(source);
    if (list === undefined) edits.set(source, [edit]);
    else list.push(edit);
  };
  for (const source of sources) {
    const { text } = source.content;
    for (const test of source.tests) for (const edit of withoutTest(text, test)) add(source, edit);
  }
  for (const mark of marks) {
    if (mark.type === "file") edited.set(mark.file, mark.id);
    else add(mark.source, editOf(mark));
  }
  // Patches inside of a file first: they are edits of that file.
  for (const [source, list] of [...edits].filter(([{ inside }]) => inside !== undefined)) {
    const { inside } = source;
    if (inside === undefined) continue;
    const text = JSON.stringify(applyEdits(source.content.text, list));
    add(inside.source, replaceValue(inside.source.content.text, inside.node, text));
  }
  for (const [{ inside, file, content }, list] of edits) {
    if (inside === undefined) edited.set(file, applyEdits(content.text, list));
  }
  return edited;
}

function editOf({ source, markable, how, id }: Extract<Mark, { readonly type: "node" }>): TextEdit {
  const { text } = source.content;
  const { node, literal } = markable;
  if (how === "field" && node.type === "map") return addField(text, node, id);
  if (how === "item" && node.type === "list") return addItem(node, id);
  return replaceValue(text, node, JSON.stringify(`${literal?.before ?? ""}${id}`));
}

/**
 * Makes an operation that tests a value one that copies a field onto itself, which is always possible and changes nothing.
 * What it holds stays under other names, because there may be anchors in it.
 */
function withoutTest(text: string, test: SourceMap): readonly TextEdit[] {
  const renamed = [...test.fields].flatMap(
    ([name, node]) => renameField(text, node, name, `was-${name}`) ?? [],
  );
  const copy = { op: "copy", from: "/kind", path: "/kind" };
  return [...Object.entries(copy).map(([name, value]) => addField(text, test, name, value)), ...renamed];
}
