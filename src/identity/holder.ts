import type { Claimed, Principal } from "../authz/principal.ts";
import type { Rights } from "../authz/rights.ts";
import { decodeId, NIL_UUID } from "../db/id.ts";
import type { Reach, Transaction } from "../db/transaction.ts";
import type { Caller } from "./caller.ts";
import { CredentialError } from "./credential.ts";
import { type CredentialUse, isUseDue } from "./credential-use.ts";
import { findKey, keyState, rightsOfKey } from "./key/find-key.ts";
import { type TenantRow, tenantOf } from "./stored-tenant.ts";
import { findOutside, outsideState, rightsOfOutside } from "./outside/find-outside.ts";
import { findSession, sessionState } from "./session/find-session.ts";
import { rightsOfUser } from "./find-user.ts";
import { findToken, rightsOfToken, tokenState } from "./token/find-token.ts";
import { identifyStranger } from "./identify-stranger.ts";

/** Whose rights something has that was promised to a caller, as they are when it is done. */
export interface Holder {
  readonly tenantId: string;
  readonly principalKind: Principal["kind"];
  /** The id of the key, token or session, or of the user by an outside identity, as the API shows it; null: the public. */
  readonly principal: string | null;
  readonly narrowedTo: readonly string[] | null;
  /** What an outside identity claims; null where another thing proves the principal. */
  readonly claimed: Claimed | null;
}

/** What the transaction may reach in which something is done for a holder. */
export function reachOfHolder({ tenantId, principal }: Holder): Omit<Reach, "mode"> {
  return { role: principal === null ? "fieldgate_public" : "fieldgate_member", tenantId };
}

/**
 * Reads the rights of a holder as whoever presents the same credential would have them now.
 *
 * @throws {CredentialError} for one that is not accepted any more.
 */
export async function identifyHolder(
  transaction: Transaction,
  holder: Holder,
  now: Date,
): Promise<Caller> {
  const { principalKind, narrowedTo } = holder;
  if (principalKind === "ANONYMOUS") return await identifyStranger(transaction, narrowedTo);
  const held = await RIGHTS[principalKind]?.(transaction, holder, now);
  if (!held) throw new CredentialError("The credential is gone, expired or revoked.");
  const { rights, found, use } = held;
  const isDue = use !== null && isUseDue(use.lastUsedAt, now);
  return { rights, tenant: tenantOf(found), narrowedTo, dueUse: isDue ? use : null };
}

/** What a holder may build upon, and its tenant; null where it is not accepted any more. */
type Find = (transaction: Transaction, holder: Holder, now: Date) => Promise<Held | null>;

interface Held {
  readonly rights: Rights;
  readonly found: TenantRow;
  /** How it is used; null where that is not recorded. */
  readonly use: (CredentialUse & { readonly lastUsedAt: Date | null }) | null;
}

const RIGHTS: Readonly<Partial<Record<Principal["kind"], Find>>> = {
  KEY: async (transaction, { tenantId, principal, narrowedTo }, now) => {
    const keyId = decodeId("Key", principal ?? "") ?? NIL_UUID;
    const found = await findKey(transaction, { tenantId, keyId });
    const isAccepted = found?.secret_hash && keyState(found, now) === "ACTIVE";
    if (!isAccepted) return null;
    const use = { kind: "key", tenantId, id: keyId, lastUsedAt: found.last_used_at } as const;
    return { rights: rightsOfKey(found, keyId, narrowedTo), found, use };
  },
  ACCESS_TOKEN: async (transaction, { tenantId, principal, narrowedTo }, now) => {
    const id = decodeId("AccessToken", principal ?? "") ?? NIL_UUID;
    const found = await findToken(transaction, { tenantId, id }, null);
    const isAccepted = found?.secret_hash && tokenState(found, now) === "ACTIVE";
    if (!isAccepted) return null;
    const use = { kind: "token", tenantId, id, lastUsedAt: found.last_used_at } as const;
    return { rights: rightsOfToken(found, narrowedTo), found, use };
  },
  SESSION: async (transaction, holder, now) => {
    const { tenantId, principal, narrowedTo, claimed } = holder;
    if (claimed) return await ofOutside(transaction, { ...holder, claimed }, now);
    const id = decodeId("Session", principal ?? "") ?? NIL_UUID;
    const found = await findSession(transaction, { tenantId, id }, null);
    const isAccepted = found?.secret_hash && sessionState(found, now) === "ACTIVE";
    if (!isAccepted) return null;
    const use = { kind: "session", tenantId, id, lastUsedAt: found.last_used_at } as const;
    return { rights: rightsOfUser(found, narrowedTo), found, use };
  },
};

/** The claimed roles are in effect as long as the JWT is valid by which they were claimed; so is all that it promised. */
async function ofOutside(
  transaction: Transaction,
  { tenantId, principal, narrowedTo, claimed }: Holder & { readonly claimed: Claimed },
  now: Date,
) {
  const userId = decodeId("User", principal ?? "") ?? NIL_UUID;
  const outside = { tenantId, userId, claimed };
  const found = await findOutside(transaction, outside);
  const isAccepted = found?.is_trusted && outsideState(found, outside, now) === "ACTIVE";
  return isAccepted
    ? { rights: rightsOfOutside(found, outside, narrowedTo), found, use: null }
    : null;
}
