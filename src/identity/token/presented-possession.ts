import sql from "sql-template-tag";
import type { Database } from "../../db/database.ts";
import { inTransaction } from "../../db/transaction.ts";
import { browserCookie, newBrowserCookie } from "./browser-cookie.ts";
import type { PresentedToken, RefusalReason } from "../credential.ts";
import { noncesAt } from "./dpop/nonce.ts";
import { verifyProof } from "./dpop/proof.ts";
import { type Possession, possessionHash } from "./possession.ts";

/** A request, as far as a browser shows by it which one it is. */
export interface BrowserRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** What a deployment says of proofs. */
export interface ProofRules {
  /** What stands before the path of the API for those outside; null: what the request says. */
  readonly publicUrl: string | null;
  /** How long a nonce is given out; null: none are asked for. */
  readonly dpopNonceSeconds: number | null;
}

/** What is known where a proof is verified. */
interface PossessionParts {
  readonly database: Database;
  readonly now: Date;
  readonly proofs: ProofRules;
}

/** What a request presents besides a token, and what its answer says of nonces. */
export interface PresentedPossession {
  readonly possession: Possession;
  /** The nonce that the next proof shall carry; null: none. */
  readonly nonce: string | null;
}

/** Where nothing is to be shown besides a credential. */
export const NOT_POSSESSED: Possession = {
  binding: "COOKIE",
  hash: Buffer.alloc(0),
  fault: null,
  made: null,
};

/** What a request presents besides a token. A proof is verified before anything is looked up, but for the nonces. */
export async function presentedPossession(
  request: BrowserRequest,
  token: PresentedToken,
  { database, now, proofs }: PossessionParts,
): Promise<PresentedPossession> {
  if (token.scheme !== "DPoP") return { possession: cookieOf(request), nonce: null };
  const nonces = await noncesOf(database, token, proofs.dpopNonceSeconds, now);
  const { method, url, headers } = request;
  const verified = await verifyProof(headers.get("dpop"), {
    method,
    url: publicUrlOf(url, proofs),
    token: token.text,
    now,
    nonces,
  });
  const binding = "DPOP";
  const nonce = nonces?.[0] ?? null;
  if ("fault" in verified) {
    const fault: RefusalReason = `PROOF_${verified.fault}`;
    return { possession: { binding, hash: null, fault, proof: null }, nonce };
  }
  const hash = possessionHash(verified.thumbprint);
  return { possession: { binding, hash, fault: null, proof: verified }, nonce };
}

function cookieOf({ headers }: BrowserRequest): Possession {
  const brought = browserCookie(headers);
  const cookie = brought ?? newBrowserCookie();
  const made = brought === null ? cookie : null;
  return { binding: "COOKIE", hash: possessionHash(cookie), fault: null, made };
}

/** What a proof names: the endpoint as whoever made it sees it. */
function publicUrlOf(url: string, { publicUrl }: ProofRules): string {
  if (publicUrl === null || !URL.canParse(url)) return url;
  return `${publicUrl}${new URL(url).pathname}`;
}

/** The nonces of the tenant that a token names; of one that does not exist there are none. */
async function noncesOf(
  database: Database,
  { tenantId }: PresentedToken,
  seconds: number | null,
  now: Date,
): Promise<readonly string[] | null> {
  if (seconds === null) return null;
  const reach = { role: "fieldgate_member", tenantId, mode: "snapshot" } as const;
  const [tenant] = await inTransaction(database, reach, (transaction) =>
    transaction.query<{ cursor_key: Buffer }>(
      sql`SELECT cursor_key FROM tenant WHERE id = ${tenantId}::uuid`,
    ),
  );
  return tenant ? noncesAt(tenant.cursor_key, now, seconds) : [];
}
