import type { ClientCertificate } from "./certificates.ts";

/** What proves to a server who we are. */
export interface Proof {
  /** The value of the header Authorization. */
  readonly authorization?: string;
  readonly certificate?: ClientCertificate;
}

/** A proof and how long it counts. */
export interface Grant {
  readonly proof: Proof;
  /** When to get it anew, in milliseconds since 1970; absent where it does not change by itself. */
  readonly renewAtMs?: number;
}

/** Why a proof is got: there is none yet, its time is over, or the server did not accept it. */
export type Occasion = "first" | "due" | "rejected";

/** Gets a proof. Throws CREDENTIALS_FAILED or CLUSTER_ACCESS_REFUSED. Never called twice at the same time. */
export type Login = (occasion: Occasion) => Promise<Grant>;
