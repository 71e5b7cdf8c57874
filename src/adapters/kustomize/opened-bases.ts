import type { OpenedBase, RemoteBase, RenderRequest } from "../../ports/renderer.ts";
import type { Checkout } from "../../ports/source.ts";

/** The remote bases of one render, each asked for once, and which commit is which number. */
export class OpenedBases {
  readonly #open: NonNullable<RenderRequest["openBase"]>;
  readonly #answers = new Map<string, Promise<OpenedBase>>();
  /** By number; 0 is the commit that is rendered. */
  readonly #checkouts: Checkout[];

  constructor({ checkout, openBase }: RenderRequest) {
    this.#checkouts = [checkout];
    this.#open = openBase ?? ((base) => Promise.resolve(refuse(base)));
  }

  /** Never rejects. */
  open(base: RemoteBase): Promise<OpenedBase> {
    const { written, repository, ref, folder } = base;
    const key = `${repository}\n${ref}`;
    const answer = this.#answers.get(key) ?? this.#open({ written, repository, ref, folder });
    this.#answers.set(key, answer);
    return answer;
  }

  /** Opens a base that the renderer mounts: its checkout has the next number. */
  async mount(base: RemoteBase): Promise<OpenedBase> {
    const opened = await this.open(base);
    if (opened.type === "opened") this.#checkouts.push(opened.checkout);
    return opened;
  }

  /** The checkout of a number that was given. */
  checkoutAt(number: number): Checkout {
    const checkout = this.#checkouts[number];
    if (checkout === undefined) throw new Error(`no base was mounted as number ${String(number)}`);
    return checkout;
  }
}

function refuse({ written }: RemoteBase): OpenedBase {
  const reason = `${JSON.stringify(written)} is a remote resource`;
  const hint = "Copy what it names into the repository; nothing is fetched while rendering.";
  return { type: "refused", code: "RENDER_REFUSED", reason, hint };
}
