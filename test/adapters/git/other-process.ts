import { createGitSource } from "../../../src/adapters/git/git-source.ts";
import { withLock } from "../../../src/adapters/git/mirror-lock.ts";

/** Another process that uses the same cache: "checkout <cache> <repository>" reads ten times, "hold <lock>" holds it. */
const [, , verb, place = "", repository = ""] = process.argv;

if (verb === "hold") {
  await withLock(place, 1_000, () => {
    process.stdout.write("held\n");
    return new Promise(() => {
      setInterval(() => undefined, 1_000);
    });
  });
} else {
  const source = createGitSource({ cacheFolder: place, now: () => new Date(), timeoutMs: 20_000 });
  for (let i = 0; i < 10; i += 1) {
    const checkout = await source.checkout({ repository, revision: "", allowStaleMs: 0 });
    await checkout.readBlobs([...checkout.tree.values()].map(({ oid }) => oid));
    process.stdout.write(`read ${checkout.commit.sha}\n`);
    await checkout.close();
  }
}
