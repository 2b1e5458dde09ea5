import { newUuid } from "../../db/id.ts";
import { insertTransfer, pendingTransfers, type Transfer } from "../../db/transfers.ts";
import type { Context } from "../../graphql/context.ts";
import { LimitError, NotFoundError } from "../../graphql/errors.ts";
import { credentialOf } from "../../authz/principal.ts";
import { transferTexts } from "../../identity/secret/secret-texts.ts";

/** How long a one-time URL lasts, in milliseconds. */
const LASTS_MS = 5 * 60_000;

/** How many transfers one credential, or the public, may have promised and not used. */
const MOST_PENDING = 100;

/** How much text the input of a transfer may be: it is kept until the transfer is done. */
const MOST_BYTES = 256 * 1024;

/** A one-time URL that was promised. */
export interface PromisedTransfer {
  /** The UUID of the transfer. */
  readonly id: string;
  readonly url: string;
  readonly expiresAt: Date;
}

/**
 * Promises a transfer with the rights that the caller has when it is done.
 *
 * @param input What it is done by, kept as JSON.
 * @throws {LimitError} for more input than is kept, and where too many were promised that nobody used.
 */
export async function promiseTransfer(
  { tenant, transaction, rights, narrowedTo, now }: Context,
  kind: Transfer["kind"],
  input: object,
): Promise<PromisedTransfer> {
  if (!tenant) throw new NotFoundError("dataset");
  const promised = JSON.stringify(input);
  if (Buffer.byteLength(promised) > MOST_BYTES) {
    throw new LimitError(`It is described in at most ${MOST_BYTES} bytes. Describe it in less.`);
  }
  const principal = credentialOf(rights.principal);
  if ((await pendingTransfers(transaction, principal, now)) >= MOST_PENDING) {
    throw new LimitError(
      `At most ${MOST_PENDING} one-time URLs wait to be used. Use them, or try again when they have expired, in five minutes.`,
    );
  }
  const id = newUuid();
  const { text, hash } = transferTexts.create({ tenantId: tenant.id, id });
  const expiresAt = new Date(now.getTime() + LASTS_MS);
  await insertTransfer(transaction, {
    tenantId: tenant.id,
    id,
    kind,
    principalKind: rights.principal.kind,
    principal,
    narrowedTo,
    claimed: rights.principal.claimed ?? null,
    arguments: promised,
    hash,
    expiresAt,
  });
  return { id, url: `/transfers/${text}`, expiresAt };
}
