import { createHmac, sign } from "node:crypto";
import { CompactEncrypt } from "jose";
import { describe, expect, test } from "vitest";
import type { ProofFault } from "../../../../src/identity/token/dpop/proof.ts";
import {
  CLAIMS,
  encoded,
  hashOf,
  KEYS,
  longProof,
  proofOf,
  SECONDS,
  TOKEN,
  verified,
} from "./made-proof.ts";

const good = proofOf();
const [header = "", payload = "", signature = ""] = good.split(".");
const signedBytes = Buffer.from(signature, "base64url");
const flipped = signedBytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));
const jwk = KEYS.P256.publicKey.export({ format: "jwk" });
const otherJwk = KEYS.OTHER_P256.publicKey.export({ format: "jwk" });
const rsa = KEYS.RSA.publicKey.export({ format: "jwk" });
const pem = KEYS.P256.publicKey.export({ format: "pem", type: "spki" }).toString();
const hash = hashOf(TOKEN);
const der = sign("sha256", Buffer.from(`${header}.${payload}`), KEYS.P256.privateKey);

const withHeader = (changed: object) => proofOf({ header: { ...changed } });
const withSignature = (bytes: Uint8Array) => `${header}.${payload}.${encoded(bytes)}`;
const ofRsa = (changed: object) =>
  proofOf({ alg: "RS256", header: { jwk: { ...rsa, ...changed } } });
const unsecured = (alg?: string) => `${encoded({ typ: "dpop+jwt", alg, jwk })}.${payload}.`;

/** A proof that anyone can make who knows what is in it. */
function symmetric(secret: string, key: object = jwk): string {
  const input = `${encoded({ typ: "dpop+jwt", alg: "HS256", jwk: key })}.${payload}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

const encrypted = await new CompactEncrypt(Buffer.from(JSON.stringify(CLAIMS)))
  .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", typ: "dpop+jwt", jwk })
  .encrypt(KEYS.P256.publicKey);

/** What is wrong with a proof, what it is refused for, and the proof. */
type Refused = [what: string, fault: ProofFault, proof: string | null];

const TEXTS: Refused[] = [
  ["there is none", "MISSING", null],
  ["it is empty", "MALFORMED", ""],
  ["it is a space", "MALFORMED", " "],
  ["a space comes before it", "MALFORMED", ` ${good}`],
  ["a line break comes after it", "MALFORMED", `${good}\n`],
  ["two are joined", "MALFORMED", `${good}, ${proofOf()}`],
  ["two are joined without a space", "MALFORMED", `${good},${good}`],
  ["a comma comes after it", "MALFORMED", `${good},`],
  ["it is in quotes", "MALFORMED", `"${good}"`],
  ["it has no signature and no place for one", "MALFORMED", `${header}.${payload}`],
  ["it has a fourth part", "MALFORMED", `${good}.${signature}`],
  ["it has no payload", "MALFORMED", `${header}..${signature}`],
  ["it has no header", "MALFORMED", `.${payload}.${signature}`],
  ["it is encrypted", "MALFORMED", encrypted],
  ["it is padded base64", "MALFORMED", `${good}==`],
  ["it has letters of other scripts", "MALFORMED", good.replace("e", "е")],
  ["it has an emoji", "MALFORMED", `${good}🔑`],
  ["it has NUL", "MALFORMED", `${good}\u0000`],
  ["it is the JSON form of a JWS", "MALFORMED", JSON.stringify({ protected: header, payload })],
  ["it is longer than 8 KiB", "MALFORMED", longProof(8_193)],
  ["it is a megabyte of dots", "MALFORMED", ".".repeat(1_000_000)],
  ["its header is no base64url", "MALFORMED", `e.${payload}.${signature}`],
  ["its header is no JSON", "MALFORMED", `${encoded(Buffer.from("{"))}.${payload}.${signature}`],
  ["its header is a list", "MALFORMED", `${encoded([])}.${payload}.${signature}`],
  ["its header is null", "MALFORMED", `${encoded(null)}.${payload}.${signature}`],
  ["its claims are no JSON", "MALFORMED", proofOf({ claims: Buffer.from("{") })],
  [
    "its claims are no UTF-8",
    "MALFORMED",
    proofOf({ claims: Buffer.from('{"a":"\xff"}', "latin1") }),
  ],
  ["its claims are a list", "MALFORMED", proofOf({ claims: [CLAIMS] })],
  ["its claims are a string", "MALFORMED", proofOf({ claims: JSON.stringify(CLAIMS) })],
  ["it declares a critical extension", "MALFORMED", withHeader({ crit: ["b64"], b64: true })],
  ["it declares an unknown one", "MALFORMED", withHeader({ crit: ["htm"], htm: "POST" })],
  ["it declares none to be critical", "MALFORMED", withHeader({ crit: [] })],
  ["its critical extensions are null", "MALFORMED", withHeader({ crit: null })],
];

const HEADERS: Refused[] = [
  ["it is an access token", "TYPE", withHeader({ typ: "at+jwt", jwk: undefined, kid: "1" })],
  ["it has no type", "TYPE", withHeader({ typ: undefined })],
  ["it is of type JWT", "TYPE", withHeader({ typ: "JWT" })],
  ["its type is longer", "TYPE", withHeader({ typ: "dpop+jwt+x" })],
  ["its type begins otherwise", "TYPE", withHeader({ typ: "x-dpop+jwt" })],
  ["its type is of another tree", "TYPE", withHeader({ typ: "text/dpop+jwt" })],
  ["its type is a list", "TYPE", withHeader({ typ: ["dpop+jwt"] })],
  ["its algorithm is none", "ALGORITHM", unsecured("none")],
  ["its algorithm is None", "ALGORITHM", unsecured("None")],
  ["its algorithm is none, and it is signed", "ALGORITHM", withHeader({ alg: "none" })],
  ["it has no algorithm", "ALGORITHM", unsecured()],
  ["it has an algorithm in lower case", "ALGORITHM", withHeader({ alg: "es256" })],
  ["its algorithm is a list", "ALGORITHM", withHeader({ alg: ["ES256"] })],
  ["its algorithm is a name of a prototype", "ALGORITHM", withHeader({ alg: "constructor" })],
  ["its algorithm encrypts", "ALGORITHM", withHeader({ alg: "RSA-OAEP" })],
  ["the public key is its HMAC's secret", "ALGORITHM", symmetric(pem)],
  ["the key in it is", "ALGORITHM", symmetric("s", { kty: "oct", k: "cw" })],
];

const SECRET = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

const OF_KEYS: Refused[] = [
  ["it has no key", "KEY", withHeader({ jwk: undefined })],
  ["it names its key alone", "KEY", withHeader({ jwk: undefined, kid: "1" })],
  ["it has the URL of its key", "KEY", withHeader({ jwk: undefined, jku: "https://a.example/" })],
  ["its key is null", "KEY", withHeader({ jwk: null })],
  ["its key is text", "KEY", withHeader({ jwk: pem })],
  ["its key is a list", "KEY", withHeader({ jwk: [jwk] })],
  ["its key is a set of keys", "KEY", withHeader({ jwk: { keys: [jwk] } })],
  ["its key is empty", "KEY", withHeader({ jwk: {} })],
  [
    "its key is private",
    "KEY",
    withHeader({ jwk: KEYS.P256.privateKey.export({ format: "jwk" }) }),
  ],
  ["its RSA key is private", "KEY", ofRsa(KEYS.RSA.privateKey.export({ format: "jwk" }))],
  ...SECRET.map((part): Refused => [`its RSA key has ${part}`, "KEY", ofRsa({ [part]: rsa.n })]),
  ...SECRET.map((part): Refused => [
    `its key has an empty ${part}`,
    "KEY",
    withHeader({ jwk: { ...jwk, [part]: [] } }),
  ]),
  ["the private part of its key is null", "KEY", withHeader({ jwk: { ...jwk, d: null } })],
  ["its key is not on the curve", "KEY", withHeader({ jwk: { ...jwk, x: jwk.y } })],
  ["its key has half a point", "KEY", withHeader({ jwk: { ...jwk, y: undefined } })],
  ["its key is of another curve", "KEY", proofOf({ pair: KEYS.P384 })],
  ["its key is of another kind", "KEY", proofOf({ header: { jwk: rsa } })],
  ["its RSA key has less than 2048 bits", "KEY", proofOf({ alg: "RS256", pair: KEYS.RSA_SMALL })],
  ["its key is to encrypt", "KEY", withHeader({ jwk: { ...jwk, use: "enc" } })],
  ["its key may not verify", "KEY", withHeader({ jwk: { ...jwk, key_ops: [] } })],
  ["its key is for another algorithm", "KEY", withHeader({ jwk: { ...jwk, alg: "ES384" } })],
];

const laterPayload = encoded({ ...CLAIMS, iat: SECONDS + 1 });

const SIGNATURES: Refused[] = [
  ["it has the key of another", "SIGNATURE", withHeader({ jwk: otherJwk })],
  ["another signed it", "SIGNATURE", proofOf({ pair: KEYS.OTHER_P256, header: { jwk } })],
  ["its signature is empty", "SIGNATURE", `${header}.${payload}.`],
  ["its signature is cut short", "SIGNATURE", withSignature(signedBytes.subarray(0, -1))],
  ["its signature is longer", "SIGNATURE", withSignature(Buffer.concat([signedBytes, hash]))],
  ["its signature is cut in a byte", "SIGNATURE", good.slice(0, -1)],
  ["its signature is no base64url", "SIGNATURE", `${header}.${payload}.e`],
  ["its signature is zeroes", "SIGNATURE", withSignature(Buffer.alloc(64))],
  ["its signature is in DER", "SIGNATURE", withSignature(der)],
  ["its signature is a hash", "SIGNATURE", withSignature(hash)],
  ["its signature has one other bit", "SIGNATURE", withSignature(flipped)],
  ["its claims were put in another's place", "SIGNATURE", `${header}.${laterPayload}.${signature}`],
  [
    "its header was put in another's place",
    "SIGNATURE",
    `${encoded({ typ: "DPoP+JWT", alg: "ES256", jwk })}.${payload}.${signature}`,
  ],
];

test("The proof that all of these deviate from is accepted", async () => {
  expect(await verified(good)).not.toHaveProperty("fault");
});

describe("A proof is refused before its claims are looked at where", () => {
  test.each([...TEXTS, ...HEADERS, ...OF_KEYS, ...SIGNATURES])(
    "%s: %s",
    async (_, fault, proof) => {
      expect(await verified(proof)).toStrictEqual({ fault });
      // Of another request, whose faults would be found next.
      expect(await verified(proof, { method: "GET", token: "" })).toStrictEqual({ fault });
    },
  );
});
