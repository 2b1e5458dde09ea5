import { holdRights } from "../db/rights-lock.ts";
import { writeEvents } from "../events/write-events.ts";
import type { Method, Session } from "./session.ts";
import { MovedError } from "./errors.ts";

/** A mutation that has done its work, and is about to commit. */
export interface Done {
  readonly session: Session;
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

async function writeEvent({ session, method, target, reason, at, ip }: Done): Promise<void> {
  const { transaction, tenant, rights } = session;
  if (!tenant) return;
  const event = { name: method.permission, outcome: "ALLOWED", target, reason } as const;
  await writeEvents(transaction, tenant.id, [
    { ...event, principal: rights.principal, at, ip, count: 1 },
  ]);
}

/** @throws {MovedError} when the rights that were used are no longer those of the tenant. */
async function holdUsed({ session, method }: Done): Promise<void> {
  const used = session.tenant?.rightsVersion ?? null;
  const isHeld = await holdRights(session.transaction, used, method.changesRights);
  if (!isHeld) throw new MovedError("Rights were changed");
}
