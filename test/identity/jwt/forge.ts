import {
  constants,
  createHmac,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
} from "node:crypto";

/** A pair of keys, and how its public half is published. */
export interface Pair {
  readonly secret: KeyObject;
  readonly open: KeyObject;
  /** As one member of a JSON Web Key Set. */
  readonly jwk: JsonWebKey;
}

/** What a forger decides about a JWT. A member that is undefined is left out. */
export interface Forged {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** In the place of the header, byte for byte. */
  readonly headerBytes?: string | Buffer;
  /** In the place of the claims, byte for byte. */
  readonly claimBytes?: string | Buffer;
  readonly by?: KeyObject;
  /** How it is signed, where the header says something else. */
  readonly signedAs?: string;
}

export const rsaPair = (jwk: JsonWebKey, modulusLength = 2048) =>
  pairOf(generateKeyPairSync("rsa", { modulusLength }), jwk);

export const ecPair = (jwk: JsonWebKey, namedCurve: string) =>
  pairOf(generateKeyPairSync("ec", { namedCurve }), jwk);

export const edPair = (jwk: JsonWebKey) => pairOf(generateKeyPairSync("ed25519"), jwk);

function pairOf(pair: { privateKey: KeyObject; publicKey: KeyObject }, jwk: JsonWebKey): Pair {
  const { privateKey: secret, publicKey: open } = pair;
  return { secret, open, jwk: { ...open.export({ format: "jwk" }), ...jwk } };
}

/** A signature as its algorithm has it (RFC 7518, section 3). */
export function signatureOf(input: string, algorithm: string, key: KeyObject | string): Buffer {
  const bytes = Buffer.from(input);
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith("HS")) return createHmac(hash, key).update(bytes).digest();
  if (typeof key === "string") throw new Error("A text signs HS* alone.");
  if (algorithm.startsWith("Ed")) return sign(null, bytes, key);
  if (algorithm.startsWith("ES")) return sign(hash, bytes, { key, dsaEncoding: "ieee-p1363" });
  if (algorithm.startsWith("RS")) return sign(hash, bytes, key);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  return sign(hash, bytes, { key, padding, saltLength });
}

/** A compact JWS of these two parts, signed. */
export function signed(
  parts: readonly [string | Buffer, string | Buffer],
  algorithm: string,
  key: KeyObject | string,
): string {
  const input = parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
  return `${input}.${signatureOf(input, algorithm, key).toString("base64url")}`;
}
