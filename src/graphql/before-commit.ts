import { holdRights } from "../db/rights-lock.ts";
import { writeEvents } from "../events/write-events.ts";
import type { Method, CallerTransaction } from "./caller-transaction.ts";
import { MovedError } from "./errors.ts";

/** A mutation that has done its work, and is about to commit. */
export interface Done {
  readonly entered: CallerTransaction;
  readonly method: Method;
  /** The id of the thing that it is about, as the API shows it. */
  readonly target: string | null;
  /** What there is to say of it besides; null for most. */
  readonly reason: string | null;
  readonly at: Date;
  readonly ip: string | null;
}

/**
 * What every mutation does in its transaction after its work, in this order. The rights come last: nothing
 * commits by rights that were revoked before.
 */
export const BEFORE_COMMIT: readonly ((done: Done) => Promise<void>)[] = [writeEvent, holdUsed];

async function writeEvent({ entered, method, target, reason, at, ip }: Done): Promise<void> {
  const { transaction, tenant, rights } = entered;
  // Whoever proves as little as nothing could fill the log; see Journal.record.
  if (!tenant || rights.readOnly) return;
  const event = { name: method.permission, outcome: "ALLOWED", target, reason } as const;
  await writeEvents(transaction, tenant.id, [
    { ...event, principal: rights.principal, at, ip, count: 1 },
  ]);
}

/** @throws {MovedError} when the rights that were used are no longer those of the tenant. */
async function holdUsed({ entered, method }: Done): Promise<void> {
  const used = entered.tenant?.rightsVersion ?? null;
  const isHeld = await holdRights(entered.transaction, used, method.changesRights);
  if (!isHeld) throw new MovedError("Rights were changed");
}
