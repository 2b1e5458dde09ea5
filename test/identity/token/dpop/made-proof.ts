import {
  constants,
  createHash,
  generateKeyPairSync,
  sign,
  type KeyObject,
  type SignKeyObjectInput,
} from "node:crypto";
import {
  verifyProof,
  type Proof,
  type ProofFault,
} from "../../../../src/identity/token/dpop/proof.ts";

/** The keys that proofs are made with, one of each kind. */
export const KEYS = {
  P256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  P384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  P521: generateKeyPairSync("ec", { namedCurve: "P-521" }),
  Ed25519: generateKeyPairSync("ed25519"),
  RSA: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  RSA_SMALL: generateKeyPairSync("rsa", { modulusLength: 2040 }),
  OTHER_P256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
};

type Pair = (typeof KEYS)["RSA"];
type Members = Readonly<Record<string, unknown>>;

const { RSA_PKCS1_PSS_PADDING, RSA_PKCS1_PADDING, RSA_PSS_SALTLEN_DIGEST } = constants;
const RAW = { dsaEncoding: "ieee-p1363" } as const;
const PSS = { padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_DIGEST };
const PKCS1 = { padding: RSA_PKCS1_PADDING };

/** How each algorithm signs (RFC 7518, section 3.1; RFC 8037; RFC 9864), written anew here. */
export const ALGORITHMS: Readonly<
  Record<string, { hash: string | null; options: Omit<SignKeyObjectInput, "key">; pair: Pair }>
> = {
  ES256: { hash: "sha256", options: RAW, pair: KEYS.P256 },
  ES384: { hash: "sha384", options: RAW, pair: KEYS.P384 },
  ES512: { hash: "sha512", options: RAW, pair: KEYS.P521 },
  EdDSA: { hash: null, options: {}, pair: KEYS.Ed25519 },
  Ed25519: { hash: null, options: {}, pair: KEYS.Ed25519 },
  PS256: { hash: "sha256", options: PSS, pair: KEYS.RSA },
  PS384: { hash: "sha384", options: PSS, pair: KEYS.RSA },
  PS512: { hash: "sha512", options: PSS, pair: KEYS.RSA },
  RS256: { hash: "sha256", options: PKCS1, pair: KEYS.RSA },
  RS384: { hash: "sha384", options: PKCS1, pair: KEYS.RSA },
  RS512: { hash: "sha512", options: PKCS1, pair: KEYS.RSA },
};

export const NOW = new Date("2026-11-20T12:00:00.000Z");
export const SECONDS = NOW.getTime() / 1_000;
export const TOKEN = "fgk_0192f3a1b2c37d4e8f00112233445566";

/** The request that the good proof is made for. */
export const ASKED = {
  method: "POST",
  url: "https://api.example.com/graphql",
  token: TOKEN,
  now: NOW,
  nonces: null as readonly string[] | null,
};

/** The claims of the good proof for a token. */
export const claimsFor = (token: string) => ({
  jti: "e1j3V_bKic8-LAEB",
  htm: "POST",
  htu: ASKED.url,
  iat: SECONDS,
  ath: hashOf(token).toString("base64url"),
});

export const CLAIMS = claimsFor(TOKEN);

/** What is wrong with a proof, what it is refused for, and the proof, made for a token; null: there is none. */
export type Refused = readonly [
  what: string,
  fault: ProofFault,
  proofFor: (token: string) => string | null,
];

/** What a proof is made of; of what is not told, the good one is. */
export interface Making {
  readonly header?: Members;
  readonly claims?: unknown;
  readonly alg?: string;
  readonly pair?: Pair;
}

/** The good proof of an algorithm, or one that deviates from it and is signed all the same. */
export function proofOf({
  header = {},
  claims = CLAIMS,
  alg = "ES256",
  pair,
}: Making = {}): string {
  const key = pair ?? pairOf(alg);
  const jwk = key.publicKey.export({ format: "jwk" });
  const input = `${encoded({ typ: "dpop+jwt", alg, jwk, ...header })}.${encoded(claims)}`;
  return `${input}.${signatureOf(input, alg, key.privateKey).toString("base64url")}`;
}

/** The good proof with members besides, which make it as long as this. */
export function longProof(length: number, { token = TOKEN } = {}): string {
  // Each three bytes of a part are four characters, and one or two are two or three: one part alone may not fit.
  for (const kid of ["", "x", "xx"]) {
    const making = (padding: string) => ({
      header: { kid },
      claims: { ...claimsFor(token), padding },
    });
    const rest = length - proofOf(making("")).length;
    const proof = proofOf(making("x".repeat(Math.floor((rest * 3) / 4))));
    if (proof.length === length) return proof;
  }
  throw new Error(`No proof of ${length} characters.`);
}

/** A part of a proof: the bytes themselves, or those of anything as JSON. What is undefined is left out. */
export function encoded(part: unknown): string {
  const bytes = part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes as string).toString("base64url");
}

export function signatureOf(input: string, alg: string, key: KeyObject): Buffer {
  const { hash, options } = ALGORITHMS[alg] ?? { hash: "sha256", options: {} };
  return sign(hash, Buffer.from(input), { key, ...options });
}

export function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** What a proof was found to be, by the request that the good one is made for. */
export function verified(
  proof: string | null,
  asked: Partial<typeof ASKED> = {},
): Promise<Proof | { readonly fault: ProofFault }> {
  return verifyProof(proof, { ...ASKED, ...asked });
}

function pairOf(alg: string): Pair {
  const algorithm = ALGORITHMS[alg];
  if (!algorithm) throw new Error(`No key for ${alg}.`);
  return algorithm.pair;
}
