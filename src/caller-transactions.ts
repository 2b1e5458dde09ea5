import type { Database } from "./db/database.ts";
import { createPrisma, type PrismaClient, type PrismaFor } from "./db/prisma.ts";
import { lockRights } from "./db/rights-lock.ts";
import { begin, type Reach, type Transaction } from "./db/transaction.ts";
import type { FrontDoor, OpenCallerTransaction } from "./graphql/caller-transaction.ts";
import { FrontDoorError, NotFoundError, UnauthenticatedError } from "./graphql/errors.ts";
import type { Caller } from "./identity/caller.ts";
import {
  type Credential,
  CredentialError,
  narrowedRoles,
  presentedCredential,
  type Provable,
} from "./identity/credential.ts";
import { type CredentialUse, writeUse } from "./identity/credential-use.ts";
import { identifyAtFrontDoor, presentedAtFrontDoor } from "./identity/identify-at-front-door.ts";
import { type Holder, identifyHolder, reachOfHolder } from "./identity/holder.ts";
import { identify, type Presented, reachOf } from "./identity/identify.ts";
import { TrustMovedError } from "./identity/outside/identify-outside.ts";
import { identifyStranger } from "./identity/identify-stranger.ts";
import { identifyOperator } from "./identity/identify-operator.ts";
import { rightsOfNamed, rightsOfUserNamed } from "./identity/named-principal.ts";
import { possessByProof, withFirstUse } from "./identity/token/possess.ts";
import { rightsOfPresented } from "./identity/key/presented-key.ts";
import {
  type BrowserRequest,
  NOT_POSSESSED,
  presentedPossession,
  type ProofRules,
} from "./identity/token/presented-possession.ts";
import { IssuerDownError, proveOutside, type ProvingParts } from "./provisioning/prove-outside.ts";

/** What every transaction of a request is made with. */
export interface TransactionParts {
  readonly database: Database;
  readonly prismaFor: PrismaFor;
  readonly now: Date;
}

/** The transactions of one request. */
export interface RequestTransactions {
  readonly open: OpenCallerTransaction;
  /** The credential that the first of them proved, where its use is to be recorded. */
  readonly dueUse: () => CredentialUse | null;
  /** Why the credential was not accepted, and what was presented at front doors. */
  readonly refusals: readonly CredentialError[];
}

/** What the transactions of a request are made with, and its credential is proved with before them. */
export interface RequestParts extends TransactionParts, ProvingParts {
  readonly proofs: ProofRules;
  /** The headers that the answer gets besides its own. */
  readonly answer: Headers;
}

/** How a request opens its transactions: each proves the credential anew. */
export function requestTransactions(
  request: BrowserRequest,
  parts: RequestParts,
): RequestTransactions {
  let due: CredentialUse | null = null;
  const refusals: CredentialError[] = [];
  let isRefused = false;
  let presenting: Promise<Presented> | null = null;
  const openOnce: OpenCallerTransaction = async (mode, entrance) => {
    if (entrance === "OUTSIDE") return await strangerTransactions(parts)(mode);
    const presented = await (presenting ??= presentedIn(request, parts));
    if (entrance) return await frontDoorTransactions(presented.credential, entrance, parts)(mode);
    const prove = async (transaction: Transaction) => {
      const caller = await identify(transaction, presented, parts.now);
      due ??= caller.dueUse;
      return caller;
    };
    const proved = transactionsOf(reachOf(presented), prove, parts);
    return await withFirstUse(presented, parts, () => proved(mode));
  };
  const open: OpenCallerTransaction = async (mode, entrance) => {
    try {
      return await openOnce(mode, entrance).catch(async (error: unknown) => {
        if (!(error instanceof TrustMovedError)) throw error;
        presenting = null;
        return await openOnce(mode, entrance);
      });
    } catch (error) {
      // A bad credential is the caller's fault; a database out of reach is not.
      if (!(error instanceof CredentialError)) throw error;
      // The credential is one and the same, however often it is presented.
      if (entrance || !isRefused) refusals.push(error);
      isRefused ||= !entrance;
      if (entrance) throw new FrontDoorError(error);
      throw error instanceof IssuerDownError ? error.told : new UnauthenticatedError(error);
    }
  };
  return { open, dueUse: () => due, refusals };
}

/** How login and registration open their transactions: in the tenant that they name, with what they present of it. */
function frontDoorTransactions(
  credential: Provable,
  { systemKey, systemSecret }: FrontDoor,
  parts: TransactionParts,
): OpenCallerTransaction {
  const presented = presentedAtFrontDoor(credential, systemKey, systemSecret);
  const reach = { role: "fieldgate_member", tenantId: presented.tenantId } as const;
  return transactionsOf(reach, (transaction) => identifyAtFrontDoor(transaction, presented), parts);
}

/** How whoever has left is answered: as nobody, in no tenant. */
function strangerTransactions(parts: TransactionParts): OpenCallerTransaction {
  const reach = { role: "fieldgate_public", tenantId: null } as const;
  return transactionsOf(reach, (transaction) => identifyStranger(transaction, null), parts);
}

/** How a command opens its transactions in a tenant: as the operator, who holds everything there is. */
export function operatorTransactions(database: Database, tenantId: string): OpenCallerTransaction {
  const reach = { role: "fieldgate_member", tenantId } as const;
  const prove = async (transaction: Transaction) => {
    const caller = await identifyOperator(transaction, tenantId);
    // It was there when the command began.
    if (!caller.tenant) throw new NotFoundError("tenant");
    return caller;
  };
  return transactionsOf(reach, prove, { database, prismaFor: createPrisma(), now: new Date() });
}

/**
 * How what was promised to a caller opens its transactions: with the rights that the caller has by then.
 *
 * @throws {CredentialError} where the credential of then is not accepted any more.
 */
export function holderTransactions(holder: Holder, parts: TransactionParts): OpenCallerTransaction {
  const prove = (transaction: Transaction) => identifyHolder(transaction, holder, parts.now);
  const proveWriting = async (transaction: Transaction) => {
    const caller = await prove(transaction);
    // What takes its time is a use of the credential for as long.
    if (caller.dueUse) await writeUse(transaction, caller.dueUse, parts.now);
    return caller;
  };
  return (mode) =>
    transactionsOf(reachOfHolder(holder), mode === "snapshot" ? prove : proveWriting, parts)(mode);
}

type Prove = (transaction: Transaction) => Promise<Caller>;

function transactionsOf(
  reached: Omit<Reach, "mode">,
  prove: Prove,
  parts: TransactionParts,
): OpenCallerTransaction {
  const { database, prismaFor, now } = parts;
  return async (mode) => {
    const reach = { ...reached, mode: mode === "snapshot" ? mode : "write" } as const;
    const transaction = await begin(database, reach);
    try {
      const isLocking = mode === "keep" || mode === "change";
      if (isLocking && reach.role === "fieldgate_member") await lockRights(transaction, mode);
      const { rights, tenant: facts, narrowedTo } = await prove(transaction);
      // Whoever writes reads each definition as it is by then.
      const isWriting = reach.mode === "write";
      const tenant = facts && isWriting ? { ...facts, definitionsState: null } : facts;
      let prisma: PrismaClient | null = null;
      return {
        rights,
        tenant,
        narrowedTo,
        transaction,
        get prisma() {
          return (prisma ??= prismaFor(transaction));
        },
        rightsOfKey: (text) => rightsOfPresented(transaction, text, now),
        // The public reaches no keys.
        keyNamed: async (keyId) =>
          tenant && reach.role === "fieldgate_member"
            ? await rightsOfNamed(transaction, { tenantId: tenant.id, keyId }, now)
            : null,
        userNamed: async (userId) =>
          tenant && reach.role === "fieldgate_member"
            ? await rightsOfUserNamed(transaction, { tenantId: tenant.id, userId })
            : null,
      };
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  };
}

/** @throws {CredentialError} where more than one credential is presented, or what cannot be one; or by its proof. */
async function presentedIn(request: BrowserRequest, parts: RequestParts): Promise<Presented> {
  const { headers } = request;
  const credential = await provable(presentedCredential(headers), parts);
  const narrowedTo = narrowedRoles(headers);
  if (credential.kind !== "token") return { credential, narrowedTo, possession: NOT_POSSESSED };
  const possessed = await presentedPossession(request, credential.token, parts);
  const presented = { credential, narrowedTo, possession: possessed.possession };
  await possessByProof(presented, possessed, parts);
  return presented;
}

/** Of a JWT, the user whom it proves. */
async function provable(credential: Credential, parts: RequestParts): Promise<Provable> {
  if (credential.kind !== "jwt") return credential;
  const { jwt, tenantSlug } = credential;
  return { kind: "outside", outside: await proveOutside(jwt, tenantSlug, parts), tenantSlug };
}
