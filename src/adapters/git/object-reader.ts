import { createHash } from "node:crypto";

import { DriftError } from "../../lib/errors.ts";
import { type CommandEnd, type RunningCommand, startCommand } from "../../lib/run-command.ts";
import { type BatchAnswer, BatchParser, type GitObject } from "./batch-parser.ts";
import { DamagedMirror, readError } from "./git-command.ts";

/** What an object reader needs to start Git. */
interface ObjectReaderOptions {
  readonly gitDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long Git may be silent while it owes an answer. */
  readonly timeoutMs: number;
  readonly maxBlobBytes: number;
}

interface Request {
  readonly name: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: DriftError) => void;
}

/**
 * Reads objects by id through one `git cat-file --batch`, which is started with the first request and again after it
 * had to be killed. Requests are sent at once and answered in order, so that single ones are prompt and many are fast.
 */
export class ObjectReader {
  readonly #options: ObjectReaderOptions;
  /** Asked in this turn. */
  #unsent: Request[] = [];
  /** Sent, in the order of the answers; those before `#answered` are done. */
  #sent: Request[] = [];
  #answered = 0;
  #process: RunningCommand | undefined;
  readonly #ends = new Set<Promise<CommandEnd>>();
  #closed = false;
  #silence: NodeJS.Timeout | undefined;

  /** Starts nothing yet. */
  constructor(options: ObjectReaderOptions) {
    this.#options = options;
  }

  /**
   * The object, or undefined where the repository has none of that name. `name` is an id, or an id with "^{commit}"
   * or "^{}". The bytes are checked against the id. Rejects with BLOB_TOO_LARGE, GIT_FAILED, GIT_TIMEOUT, GIT_MISSING.
   */
  read(name: string): Promise<GitObject | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(closedError(name));
      else if (this.#unsent.push({ name, resolve, reject }) === 1) {
        queueMicrotask(() => {
          this.#send();
        });
      }
    });
  }

  /** Ends the process; what is still owed, and whatever is asked later, is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#silence);
    if (this.#owed > 0) this.#process?.kill("aborted");
    this.#process?.closeInput();
    await Promise.all(this.#ends);
  }

  /** How many requests are sent and not answered. */
  get #owed(): number {
    return this.#sent.length - this.#answered;
  }

  /** Writes everything asked in one turn with one call. */
  #send(): void {
    const requests = this.#unsent.splice(0);
    if (requests.length === 0) return;
    this.#sent = this.#takeOwed().concat(requests);
    this.#process ??= this.#start();
    this.#process.write(requests.map(({ name }) => `${name}\n`).join(""));
    this.#watch();
  }

  #start(): RunningCommand {
    const { gitDir, env, maxBlobBytes } = this.#options;
    const parser = new BatchParser(maxBlobBytes, (answer) => {
      this.#settle(answer);
    });
    const process = startCommand("git", [`--git-dir=${gitDir}`, "cat-file", "--batch"], {
      env,
      cwd: "/",
      onStdout: (chunk) => {
        if (this.#process !== process) return;
        parser.push(chunk);
        this.#watch();
      },
    });
    this.#ends.add(process.ended);
    void process.ended.then((end) => {
      this.#ends.delete(process.ended);
      if (this.#process === process) this.#fail(end);
    });
    return process;
  }

  #settle(answer: BatchAnswer): void {
    const request = this.#sent[this.#answered];
    if (request === undefined) return;
    this.#answered += 1;
    switch (answer.type) {
      case "object":
        if (isGenuine(request.name, answer.object)) request.resolve(answer.object);
        else
          request.reject(new DamagedMirror(`the bytes of object ${answer.object.oid} do not match its id`));
        return;
      case "missing":
        request.resolve(undefined);
        return;
      case "too-large":
        request.reject(tooLarge(answer, this.#options.maxBlobBytes));
        this.#restart();
        return;
      case "garbled":
        request.reject(new DamagedMirror(`Git answered ${JSON.stringify(answer.text)} to ${request.name}`));
        this.#restart();
    }
  }

  /** Leaves a process in the middle of its output behind and asks a new one for what is still owed. */
  #restart(): void {
    this.#process?.kill("aborted");
    this.#process = undefined;
    this.#unsent = this.#takeOwed().concat(this.#unsent);
    this.#send();
  }

  #fail(end: CommandEnd): void {
    this.#process = undefined;
    clearTimeout(this.#silence);
    for (const request of this.#takeOwed()) {
      request.reject(readError(`reading object ${request.name}`, end, this.#options.timeoutMs));
    }
  }

  #takeOwed(): Request[] {
    const owed = this.#sent.slice(this.#answered);
    this.#sent = [];
    this.#answered = 0;
    return owed;
  }

  #watch(): void {
    clearTimeout(this.#silence);
    if (this.#owed === 0) return;
    this.#silence = setTimeout(() => this.#process?.kill("timeout"), this.#options.timeoutMs);
  }
}

/** Whether an answer is the object that was asked for: an id is the hash of kind, size and bytes. */
function isGenuine(name: string, object: GitObject): boolean {
  if (!name.includes("^") && name !== object.oid) return false;
  return (
    createHash(object.oid.length === 40 ? "sha1" : "sha256")
      .update(`${object.kind} ${String(object.bytes.length)}\0`)
      .update(object.bytes)
      .digest("hex") === object.oid
  );
}

function tooLarge(answer: { oid: string; size: number }, maxBytes: number): DriftError {
  return new DriftError(
    "BLOB_TOO_LARGE",
    `object ${answer.oid} has ${String(answer.size)} bytes; at most ${String(maxBytes)} are read`,
    { hint: "Take the file out of the overlay: manifests are never that large." },
  );
}

function closedError(name: string): DriftError {
  return new DriftError("GIT_FAILED", `object ${name} was asked for after its reader was closed`, {
    hint: "This is a mistake in drift: please report it.",
  });
}
