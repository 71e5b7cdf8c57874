import type { RepositoryConfig } from "../config/config.ts";
import { DriftError } from "../lib/errors.ts";
import type { Checkout, SourcePort, SourceRequest } from "../ports/source.ts";

/** A repository as it is configured, or as a remote base names it. */
export type CheckoutRequest = RepositoryConfig & Pick<SourceRequest, "refOrder">;

/** What a checkout came to: data, because other repositories go on. */
export type OpenedCheckout =
  | { readonly type: "opened"; readonly checkout: Checkout }
  | { readonly type: "failed"; readonly error: DriftError };

/** The checkouts of one run: each repository at each revision is pinned once, whoever asks. */
export interface Checkouts {
  readonly open: (repository: CheckoutRequest) => Promise<OpenedCheckout>;
  readonly close: () => Promise<void>;
}

/** Checkouts that are opened when they are asked for, and closed together. */
export function createCheckouts(source: SourcePort): Checkouts {
  const opened = new Map<string, Promise<OpenedCheckout>>();
  return {
    open: (repository) => {
      const id = JSON.stringify([
        repository.url,
        repository.revision,
        repository.access,
        repository.allowStaleMs,
        repository.refOrder,
      ]);
      const known = opened.get(id);
      if (known !== undefined) return known;
      const opening = openOne(source, repository);
      opened.set(id, opening);
      return opening;
    },
    close: async () => {
      for (const opening of opened.values()) {
        const end = await opening.catch(() => undefined);
        if (end?.type === "opened") await end.checkout.close();
      }
    },
  };
}

async function openOne(source: SourcePort, { url, ...rest }: CheckoutRequest): Promise<OpenedCheckout> {
  try {
    return { type: "opened", checkout: await source.checkout({ ...rest, repository: url }) };
  } catch (error) {
    if (error instanceof DriftError) return { type: "failed", error };
    throw error;
  }
}
