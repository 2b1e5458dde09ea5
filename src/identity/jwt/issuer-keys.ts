import {
  createRemoteJWKSet,
  type CryptoKey,
  customFetch,
  errors,
  type JWSHeaderParameters,
  type RemoteJWKSet,
} from "jose";
import { type Claims, isObject } from "./claim-at.ts";
import type { FetchText } from "./fetch-key-set.ts";

/** The keys of an issuer are out of reach, so that nothing can be said of its JWTs: not the fault of the caller. */
export class IssuerUnavailableError extends Error {
  override readonly name = "IssuerUnavailableError";
}

/** How keys are fetched, and when. */
export interface KeySource {
  readonly fetch: FetchText;
  readonly now: () => Date;
  /** In milliseconds; how long one fetch may take. */
  readonly patience: number;
}

/** In milliseconds: that long after a fetch that failed, there is no other. */
const RETRY_AFTER = 5000;

/** How many keys a JWT is held against that does not say which is its own. */
const MOST_TRIED = 10;

/** In bits (RFC 7518, section 3.3). */
const SHORTEST_RSA = 2048;

/**
 * The public keys of one issuer: its JSON Web Key Set (RFC 7517), kept for ten minutes and fetched again for a JWT of
 * a key that it lacks, as happens when the issuer changes its keys.
 *
 * Whoever makes up the names of keys has us fetch once in 30 seconds at most; once in five where fetching fails.
 */
export class IssuerKeys {
  readonly #keySet: RemoteJWKSet;
  readonly #url: string;
  readonly #source: KeySource;
  #pausedUntil = 0;

  /** @throws {IssuerUnavailableError} where that is no URL. */
  constructor(url: string, source: KeySource) {
    this.#url = url;
    this.#source = source;
    if (!URL.canParse(url)) throw this.#unavailable();
    this.#keySet = createRemoteJWKSet(new URL(url), {
      timeoutDuration: source.patience,
      [customFetch]: async (_url, { signal }) => new Response(await this.#fetch(signal)),
    });
  }

  /**
   * The keys that a JWT with this header can be signed with.
   *
   * @param header Of an asymmetric algorithm: keys that are secrets belong to none.
   * @throws {IssuerUnavailableError} where the keys had to be fetched and could not be.
   */
  async matching(header: Claims): Promise<readonly CryptoKey[]> {
    try {
      return [await this.#keySet(header as JWSHeaderParameters)].filter(isStrong);
    } catch (error) {
      if (error instanceof IssuerUnavailableError) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) return await firstOf(error);
      // There is no such key, or the issuer published one that is none.
      return [];
    }
  }

  /** @throws {IssuerUnavailableError} whatever is wrong. */
  async #fetch(signal: AbortSignal): Promise<string> {
    const { fetch, now } = this.#source;
    if (now().getTime() < this.#pausedUntil) throw this.#unavailable();
    try {
      const text = await fetch(new URL(this.#url), signal);
      if (!isKeySet(JSON.parse(text))) throw new Error("Answered no JSON Web Key Set.");
      return text;
    } catch (cause) {
      this.#pausedUntil = now().getTime() + RETRY_AFTER;
      throw this.#unavailable(cause);
    }
  }

  #unavailable(cause?: unknown): IssuerUnavailableError {
    return new IssuerUnavailableError(`No keys could be fetched from ${this.#url}.`, { cause });
  }
}

function isKeySet(json: unknown): boolean {
  return isObject(json) && Array.isArray(json["keys"]) && json["keys"].every(isObject);
}

async function firstOf(keys: AsyncIterable<CryptoKey>): Promise<readonly CryptoKey[]> {
  const first: CryptoKey[] = [];
  for await (const key of keys) {
    if (isStrong(key)) first.push(key);
    if (first.length === MOST_TRIED) break;
  }
  return first;
}

function isStrong({ algorithm }: CryptoKey): boolean {
  return !("modulusLength" in algorithm) || Number(algorithm.modulusLength) >= SHORTEST_RSA;
}
