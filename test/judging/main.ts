/** Prints the tables of the proofs about judging: `npm run test:judging`. */
import { canariesTable } from "./canaries.ts";
import { historiesTable } from "./histories.ts";
import { provenanceTable } from "./provenance.ts";

/** Each proof and what makes its table. */
const proofs: readonly {
  readonly name: string;
  readonly table: () => readonly string[] | Promise<readonly string[]>;
}[] = [
  {
    name: "Canaries: what their controllers say of live, from documented statuses",
    table: () => {
      const { lines, right, total } = canariesTable();
      return [...lines, `all: ${String(right)} of ${String(total)} right`];
    },
  },
  {
    name: "Provenance: the named line is the one whose edit changes the field",
    table: () => provenanceTable(),
  },
  {
    name: "Clock: random histories against what really happened",
    table: () => {
      const { lines, violations } = historiesTable();
      return [...lines, ...violations];
    },
  },
];

for (const { name, table } of proofs) {
  process.stdout.write(`${name}\n\n${(await table()).join("\n")}\n\n`);
}
