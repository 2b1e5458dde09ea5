import type { ExecutionArgs, ExecutionResult } from "graphql";
import { createYoga, type Plugin, type YogaInitialContext } from "graphql-yoga";
import type { Database } from "./db/database.ts";
import { createPrisma } from "./db/prisma.ts";
import type { EventKey } from "./events/event-key.ts";
import { Journal } from "./events/journal.ts";
import type { Device } from "./graphql/context-parts.ts";
import { executeRequest } from "./graphql/execute.ts";
import { AnswerHeaders } from "./http/answer-headers.ts";
import type { Log } from "./http/log.ts";
import type { TransportContext } from "./http/exchange.ts";
import { yogaOptions } from "./http/yoga-options.ts";
import { strangerOf } from "./authz/principal.ts";
import { awaitBeat } from "./identity/beat.ts";
import type { IdentityMessage } from "./identity/message/identity-message.ts";
import type { CredentialError } from "./identity/credential.ts";
import { broughtMark, keptMark } from "./identity/login/device-mark.ts";
import { type CredentialUse, recordUse } from "./identity/credential-use.ts";
import { OutsideVerifier } from "./identity/jwt/outside-verifier.ts";
import { PROOF_ALGORITHMS } from "./identity/token/dpop/signed-claims.ts";
import type { ProofRules } from "./identity/token/presented-possession.ts";
import { schema } from "./schema.ts";
import { requestTransactions } from "./caller-transactions.ts";

/** All that the API needs from outside. */
export interface Ports {
  readonly database: Database;
  readonly log: Log;
  /** The clock by which keys expire. */
  readonly now?: () => Date;
  /** The key under which events are sealed; without it nobody can ask whether they are whole. */
  readonly eventKey?: EventKey | null;
  /** Where events go after a request; one of its own unless given. Whoever gives one closes it. */
  readonly journal?: Journal;
  /** What DPoP proofs are held to; what requests say of the server, and no nonces, unless given. */
  readonly proofs?: ProofRules;
  /** What proves the JWTs of outside identity providers; one that fetches keys from public addresses, unless given. */
  readonly verifier?: OutsideVerifier;
  /** Sends what users are to be told; nobody is told anything unless given. */
  readonly deliver?: (message: IdentityMessage) => void;
}

/** The same for whatever is refused (RFC 6750, section 3; RFC 9449, section 7.1). */
const CHALLENGE = `Bearer, DPoP algs="${PROOF_ALGORITHMS.join(" ")}"`;

const ANY_HOST: ProofRules = { publicUrl: null, dpopNonceSeconds: null };

/** The API as one function from a request to its answer, for the server and for every test. */
export function createApp({ database, log, now = () => new Date(), ...others }: Ports) {
  const { eventKey = null, journal = new Journal({ database, log, now }) } = others;
  const { deliver = () => undefined, proofs = ANY_HOST } = others;
  const { verifier = new OutsideVerifier({ now }) } = others;
  const options = yogaOptions(log);
  const answers = new AnswerHeaders(CHALLENGE);
  const ports = { database, log, now, eventKey, journal, deliver, proofs, verifier };
  return createYoga<TransportContext>({
    ...options,
    schema,
    plugins: [...options.plugins, answers.plugin, useCallerTransactions(ports, answers)],
  });
}

/** Executes every document with the caller that its request proves, in transactions of its own. */
function useCallerTransactions(ports: Required<Ports>, answers: AnswerHeaders): Plugin {
  const { database, log, now: clock, eventKey, journal, deliver, proofs, verifier } = ports;
  const prismaFor = createPrisma();
  return {
    onExecute: ({ setExecuteFn }) => {
      setExecuteFn(async (args: ExecutionArgs) => {
        const { request, ...transport } = args.contextValue as YogaInitialContext &
          TransportContext;
        const { requestId, ip = null } = transport;
        const [now, begun] = [clock(), performance.now()];
        const answer = answers.of(request);
        const parts = { database, prismaFor, now, ip, proofs, verifier, answer };
        const transactions = requestTransactions(request, parts);
        const { isOnBeat, ...result } = await executeRequest(args, {
          requestId,
          now,
          ip,
          eventKey,
          deliver,
          device: deviceOf(request.headers, answer),
          allowPrivate: verifier.allowPrivate,
          open: transactions.open,
          record: (caller, happenings) => journal.record(caller, happenings, { at: now, ip }),
        });
        const { refusals } = transactions;
        for (const each of refusals) tellRefusal(each, ports, { requestId, ip, at: now });
        if (refusals.length > 0 || isOnBeat || isRefused(result)) await awaitBeat(begun);
        await recordDueUse(transactions.dueUse(), { database, log, now });
        return result;
      });
    },
  };
}

/** The device of a browser, which keeps marks as a cookie. */
function deviceOf(headers: Headers, answer: Headers): Device {
  const keep = (mark: string) => answer.append("Set-Cookie", keptMark(mark));
  return { mark: broughtMark(headers), keep };
}

/** Whether something that was presented was not accepted, in a header or in an argument. */
function isRefused({ errors = [] }: ExecutionResult): boolean {
  return errors.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED");
}

/** One that names a tenant is an event of it. Any other is told to the operator of the deployment alone. */
function tellRefusal(
  { message, refusal }: CredentialError,
  { log, journal }: Required<Ports>,
  { requestId, ip, at }: { requestId: string; ip: string | null; at: Date },
): void {
  if (!refusal) {
    log.info({ requestId, ip, reason: message }, "credential refused");
    return;
  }
  const { tenantId, target, reason } = refusal;
  journal.addOfStranger(tenantId, {
    name: "system::authenticate",
    outcome: "FAILED",
    principal: strangerOf(tenantId),
    target,
    reason,
    at,
    ip,
    count: 1,
  });
}

/** A request is answered whether or not the use of its credential could be recorded. */
async function recordDueUse(
  use: CredentialUse | null,
  { database, log, now }: { database: Database; log: Log; now: Date },
): Promise<void> {
  if (!use) return;
  await recordUse(database, use, now).catch((error: unknown) =>
    log.warn({ err: error }, "The use of a credential was not recorded."),
  );
}
