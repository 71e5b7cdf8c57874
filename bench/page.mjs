// docs/benchmarks.md: one section for each part, so that a part can be measured again without the others.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";

/** @typedef {{ title: string, words: string, table: string }} Section */

const intro = `# Benchmarks

Made by \`npm run bench -- --write\`. Read the ratios: both sides run in one go on the same machine. A section is made
again by naming its part: \`npm run bench -- cluster --write\`.
`;

/**
 * Puts sections in the place of those with their titles; the others stay as they are.
 *
 * @param {string} file @param {readonly Section[]} sections
 * @param {readonly string[]} order all titles
 * @param {string} kubectl its version
 */
export function writePage(file, sections, order, kubectl) {
  const texts = new Map(existsSync(file) ? oldSections(readFileSync(file, "utf8")) : []);
  for (const { title, words, table } of sections) {
    texts.set(title, `${words}\n\n${machine(kubectl)}\n\n${table}\n`);
  }
  const body = order.flatMap((title) => {
    const text = texts.get(title);
    return text === undefined ? [] : [`\n## ${title}\n\n${text}`];
  });
  writeFileSync(file, intro + body.join(""));
}

/** @param {string} page @returns {[title: string, text: string][]} */
function oldSections(page) {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return [title, `${lines.join("\n").trim()}\n`];
    });
}

/** @param {string} kubectl */
function machine(kubectl) {
  const cpu = os.cpus()[0]?.model ?? "unknown";
  const memory = (os.totalmem() / 2 ** 30).toFixed(0);
  return `Machine: ${os.availableParallelism()} cores (${cpu}), ${memory} GiB, ${os.platform()}, Node ${process.version}, ${kubectl}.`;
}
