import type { Rights } from "../authz/rights.ts";
import type { PrismaClient } from "../db/prisma.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";
import type { OpenTransaction } from "../db/transaction.ts";

/** A key that is named by its id: what it may build upon while it is accepted, and whether it is. */
export interface NamedKey {
  readonly rights: Rights;
  readonly state: "ACTIVE" | "EXPIRED" | "REVOKED";
}

/** What others of the caller's tenant may build upon. */
export interface Others {
  /** What a presented key of the same tenant may build upon; null where its text proves nothing. */
  readonly rightsOfKey: (text: string) => Promise<Rights | null>;
  /** What a key of the same tenant may build upon, by its UUID; null where there is none. */
  readonly keyNamed: (id: string) => Promise<NamedKey | null>;
  /** What a user of the same tenant may build upon, by its UUID; null where there is none. */
  readonly userNamed: (id: string) => Promise<Rights | null>;
}

/** One transaction of a request, and the caller as it was proved there. */
export interface CallerTransaction extends Others {
  readonly transaction: OpenTransaction;
  readonly prisma: PrismaClient;
  readonly rights: Rights;
  /** Null for the anonymous principal of no tenant. */
  readonly tenant: TenantFacts | null;
  /** The names of the roles that the request narrowed itself to; null where it did not. */
  readonly narrowedTo: readonly string[] | null;
}

/**
 * What a transaction of a request is for. To `change` rights, or to `keep` them as they are, it takes the
 * lock of the tenant's rights before it reads them: of two that change rights the second decides by what
 * the first left, and a `write` that lost to one of them does not lose again.
 */
export type TransactionMode = "snapshot" | "write" | "keep" | "change";

/** What login and registration present of their tenant in place of a credential, as the caller sent it. */
export interface FrontDoor {
  readonly systemKey: string;
  readonly systemSecret: string;
}

/** What a transaction is entered by; null: by the credential of the request. `OUTSIDE`: by none, in no tenant. */
export type Entrance = FrontDoor | "OUTSIDE" | null;

/** Begins a transaction and proves in it who enters. */
export type OpenCallerTransaction = (
  mode: TransactionMode,
  entrance?: Entrance,
) => Promise<CallerTransaction>;

/** How a root field changes things. */
export interface Method {
  readonly permission: string;
  /** Whether it changes who may do what; then nothing commits beside it by the rights before. */
  readonly changesRights: boolean;
  /** The id that its input names, as the caller sent it; null where it names none. */
  readonly target: string | null;
  /** What its input presents of the tenant; null: the credential of the request is its caller's. */
  readonly door?: FrontDoor | null;
}
