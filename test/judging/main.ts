/** Prints the tables of the proofs about judging: `npm run test:judging`. */
import { provenanceTable } from "./provenance.ts";

/** Each proof and what makes its table. */
const proofs: readonly { readonly name: string; readonly table: () => Promise<readonly string[]> }[] = [
  {
    name: "Provenance: the named line is the one whose edit changes the field",
    table: () => provenanceTable(),
  },
];

for (const { name, table } of proofs) {
  process.stdout.write(`${name}\n\n${(await table()).join("\n")}\n\n`);
}
