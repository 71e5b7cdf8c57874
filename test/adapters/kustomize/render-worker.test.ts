import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import { expect, it, onTestFinished } from "vitest";
import { readArtefact } from "../../../src/adapters/kustomize/artefact.ts";
import type { BlobAnswer, FromWorker, ToWorker } from "../../../src/adapters/kustomize/messages.ts";
import { packTree } from "../../../src/adapters/kustomize/tree-lookup.mjs";
import { shippedFolder } from "../../support/shipped-renderer.ts";
import { checkoutOf } from "./memory-checkout.ts";

/** A thread as `RenderWorker` starts one, with its signal in the hands of the test. */
function startThread() {
  const { port1: answers, port2: answerPort } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const url = new URL("../../../src/adapters/kustomize/render-worker.mjs", import.meta.url);
  const worker = new Worker(url, {
    workerData: { signal, answerPort, maxAnswerBytes: 1 << 20 },
    transferList: [answerPort],
  });
  onTestFinished(async () => {
    answers.close();
    await worker.terminate();
  });
  return { worker, answers, signal };
}

it("waits for its answer, also where the wake-up for the one before comes late", async () => {
  const { worker, answers, signal } = startThread();
  const { sha256 } = readArtefact(shippedFolder);
  const bytes = new Uint8Array(readFileSync(join(shippedFolder, "build", "kustomize.wasm")));
  const checkout = checkoutOf({
    "kustomization.yaml": "resources: [a.yaml]\n",
    "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
  });
  const send = (message: ToWorker) => {
    worker.postMessage(message);
  };
  const end = await new Promise<FromWorker>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: FromWorker) => {
      if (message.type === "ready") {
        send({ type: "tree", packed: packTree(checkout.tree) });
        send({ type: "render", overlay: "" });
      } else if (message.type === "read") {
        // The thread may go on as soon as it sees the 1, ask again, and only then be woken for the first answer.
        Atomics.notify(signal, 0);
        setTimeout(() => {
          void checkout.readBlobs([message.oid]).then(([blob = new Uint8Array()]) => {
            const answer: BlobAnswer = { type: "blob", bytes: blob };
            answers.postMessage(answer);
            Atomics.store(signal, 0, 1);
            Atomics.notify(signal, 0);
          });
        }, 20);
      } else resolve(message);
    });
    send({ type: "bytes", bytes, sha256 });
  });
  expect(end).toMatchObject({ type: "rendered", problem: undefined });
}, 60_000);
