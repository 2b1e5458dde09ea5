import { type CryptoKey, type JWTPayload, jwtVerify } from "jose";
import { LRUCache } from "lru-cache";
import { parseUnproved } from "./compact-jws.ts";
import { fetchFrom, type FetchText } from "./fetch-key-set.ts";
import { IssuerKeys } from "./issuer-keys.ts";
import { faultOf, headerFault, isOfOtherKind, type JwtFault } from "./jwt-fault.ts";
import { identityOf, type OutsideIdentity } from "./outside-identity.ts";
import type { TrustedIssuer } from "./trusted-issuer.ts";

/** Who is calling, or why that is not proved. */
export type Verdict = OutsideIdentity | { readonly fault: JwtFault };

/** What a verifier is made of. */
export interface VerifierPorts {
  readonly now: () => Date;
  /** Whether keys may be fetched from private addresses, and without encryption from those; by default not. */
  readonly allowPrivate?: boolean;
  /** In place of the network. */
  readonly fetch?: FetchText;
  /** In milliseconds: how long the keys of an issuer are waited for; by default 5 seconds. */
  readonly patience?: number;
}

/** In seconds: how far ahead of ours the clock of an issuer may be. */
const CLOCK_TOLERANCE = 30;

/** The keys of how many issuers are kept, and how long the texts may be in all that these were read from. */
const KEPT = { max: 1000, maxSize: 64 * 1024 * 1024 } as const;

/**
 * Proves the JWTs of outside identity providers (RFC 7519) by the keys that these publish, as RFC 8725 advises. Made
 * once for a process: it keeps the keys.
 */
export class OutsideVerifier {
  /** Whether keys may be fetched from private addresses. */
  readonly allowPrivate: boolean;
  readonly #now: () => Date;
  readonly #fetch: FetchText;
  readonly #patience: number;
  readonly #kept = new LRUCache<string, IssuerKeys>(KEPT);

  constructor({ now, allowPrivate = false, fetch, patience = 5000 }: VerifierPorts) {
    this.allowPrivate = allowPrivate;
    this.#now = now;
    this.#fetch = fetch ?? fetchFrom({ allowPrivate });
    this.#patience = patience;
  }

  /**
   * Proves that the issuer says who is calling, for this tenant and at this moment.
   *
   * @throws {IssuerUnavailableError} where that cannot be told without keys that are out of reach.
   */
  async verify(token: string, trusted: TrustedIssuer): Promise<Verdict> {
    const jwt = parseUnproved(token);
    if (!jwt) return { fault: "MALFORMED" };
    const fault = headerFault(jwt.header, trusted.algorithms);
    if (fault) return { fault };
    const keys = await this.#keysOf(trusted.jwksUrl).matching(jwt.header);
    return await verdictOn(token, { keys, trusted, now: this.#now() });
  }

  #keysOf(url: string): IssuerKeys {
    const kept = this.#kept.get(url);
    if (kept) return kept;
    const keys = new IssuerKeys(url, {
      now: this.#now,
      patience: this.#patience,
      fetch: async (target, signal) => {
        const text = await this.#fetch(target, signal);
        // What is kept under a name already is not weighed again.
        this.#kept.delete(url);
        this.#kept.set(url, keys, { size: text.length + 1 });
        return text;
      },
    });
    this.#kept.set(url, keys, { size: 1 });
    return keys;
  }
}

interface Proof {
  readonly keys: readonly CryptoKey[];
  readonly trusted: TrustedIssuer;
  readonly now: Date;
}

async function verdictOn(token: string, proof: Proof): Promise<Verdict> {
  const { trusted, now } = proof;
  const proved = await prove(token, proof);
  if ("fault" in proved) return proved;
  const { claims } = proved;
  if (isOfOtherKind(claims)) return { fault: "TYPE" };
  const identity = identityOf(claims, trusted);
  if (!identity) return { fault: "SUBJECT" };
  // jose's tolerance is for both ends. Only a JWT that was just made meets a clock that is behind.
  if (identity.expiresAt > now) return identity;
  return { fault: Number(claims.exp) * 1000 <= now.getTime() ? "EXPIRED" : "TOO_OLD" };
}

type Proved = { readonly claims: JWTPayload } | { readonly fault: JwtFault };

/** Holds the JWT against each key until one made its signature. */
async function prove(token: string, { keys, trusted, now }: Proof): Promise<Proved> {
  let fault: JwtFault = "KEY";
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [...trusted.algorithms],
        issuer: trusted.issuer,
        audience: trusted.audience,
        requiredClaims: ["exp", "iat", "sub"],
        maxTokenAge: trusted.maxTokenAge,
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: now,
      });
      return { claims: payload };
    } catch (error) {
      fault = faultOf(error);
      if (fault !== "SIGNATURE") break;
    }
  }
  return { fault };
}
