import { createHmac, sign } from "node:crypto";
import { CompactEncrypt } from "jose";
import {
  CLAIMS,
  claimsFor,
  encoded,
  hashOf,
  KEYS,
  longProof,
  type Making,
  proofOf,
  type Refused,
  SECONDS,
  TOKEN,
} from "./made-proof.ts";

const jwk = KEYS.P256.publicKey.export({ format: "jwk" });
const otherJwk = KEYS.OTHER_P256.publicKey.export({ format: "jwk" });
const rsa = KEYS.RSA.publicKey.export({ format: "jwk" });
const pem = KEYS.P256.publicKey.export({ format: "pem", type: "spki" }).toString();

/** The good proof for a token, in its parts. */
function goodFor(token: string) {
  const proof = proofOf({ claims: claimsFor(token) });
  const [header = "", payload = "", signature = ""] = proof.split(".");
  return { proof, header, payload, signature, bytes: Buffer.from(signature, "base64url") };
}

type Good = ReturnType<typeof goodFor>;

/** What is made of the good proof for a token. */
const spoilt = (spoil: (good: Good) => string) => (token: string) => spoil(goodFor(token));

/** What is signed in the place of the good proof for a token. */
const making = (made: Making) => (token: string) => proofOf({ claims: claimsFor(token), ...made });

const withHeader = (header: Making["header"] = {}) => making({ header });
const ofRsa = (changed: object) =>
  making({ alg: "RS256", header: { jwk: { ...rsa, ...changed } } });

const withSignature = (signed: (good: Good) => Uint8Array) =>
  spoilt((good) => `${good.header}.${good.payload}.${encoded(signed(good))}`);

const flipped = ({ bytes }: Good) => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));

const inDer = ({ header, payload }: Good) =>
  sign("sha256", Buffer.from(`${header}.${payload}`), KEYS.P256.privateKey);

const unsecured = (alg?: string) =>
  spoilt(({ payload }) => `${encoded({ typ: "dpop+jwt", alg, jwk })}.${payload}.`);

/** A proof that anyone can make who knows what is in it. */
const symmetric = (secret: string, key: object = jwk) =>
  spoilt(({ payload }) => {
    const input = `${encoded({ typ: "dpop+jwt", alg: "HS256", jwk: key })}.${payload}`;
    return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
  });

const encrypted = await new CompactEncrypt(Buffer.from(JSON.stringify(CLAIMS)))
  .setProtectedHeader({ alg: "ECDH-ES", enc: "A256GCM", typ: "dpop+jwt", jwk })
  .encrypt(KEYS.P256.publicKey);

const TEXTS: readonly Refused[] = [
  ["there is none", "MISSING", () => null],
  ["it is empty", "MALFORMED", () => ""],
  ["it is a space", "MALFORMED", () => " "],
  ["a space comes before it", "MALFORMED", spoilt(({ proof }) => ` ${proof}`)],
  ["a line break comes after it", "MALFORMED", spoilt(({ proof }) => `${proof}\n`)],
  ["two are joined", "MALFORMED", spoilt(({ proof }) => `${proof}, ${proof}`)],
  ["two are joined without a space", "MALFORMED", spoilt(({ proof }) => `${proof},${proof}`)],
  ["a comma comes after it", "MALFORMED", spoilt(({ proof }) => `${proof},`)],
  ["it is in quotes", "MALFORMED", spoilt(({ proof }) => `"${proof}"`)],
  [
    "it has no signature and no place for one",
    "MALFORMED",
    spoilt(({ header, payload }) => `${header}.${payload}`),
  ],
  ["it has a fourth part", "MALFORMED", spoilt(({ proof, signature }) => `${proof}.${signature}`)],
  ["it has no payload", "MALFORMED", spoilt(({ header, signature }) => `${header}..${signature}`)],
  ["it has no header", "MALFORMED", spoilt(({ payload, signature }) => `.${payload}.${signature}`)],
  ["it is encrypted", "MALFORMED", () => encrypted],
  ["it is padded base64", "MALFORMED", spoilt(({ proof }) => `${proof}==`)],
  ["it has letters of other scripts", "MALFORMED", spoilt(({ proof }) => proof.replace("e", "е"))],
  ["it has an emoji", "MALFORMED", spoilt(({ proof }) => `${proof}🔑`)],
  ["it has NUL", "MALFORMED", spoilt(({ proof }) => `${proof}\u0000`)],
  [
    "it is the JSON form of a JWS",
    "MALFORMED",
    spoilt(({ header, payload }) => JSON.stringify({ protected: header, payload })),
  ],
  ["it is longer than 8 KiB", "MALFORMED", (token) => longProof(8_193, { token })],
  ["it is a megabyte of dots", "MALFORMED", () => ".".repeat(1_000_000)],
  [
    "its header is no base64url",
    "MALFORMED",
    spoilt(({ payload, signature }) => `e.${payload}.${signature}`),
  ],
  [
    "its header is no JSON",
    "MALFORMED",
    spoilt(({ payload, signature }) => `${encoded(Buffer.from("{"))}.${payload}.${signature}`),
  ],
  [
    "its header is a list",
    "MALFORMED",
    spoilt(({ payload, signature }) => `${encoded([])}.${payload}.${signature}`),
  ],
  [
    "its header is null",
    "MALFORMED",
    spoilt(({ payload, signature }) => `${encoded(null)}.${payload}.${signature}`),
  ],
  ["its claims are no JSON", "MALFORMED", making({ claims: Buffer.from("{") })],
  [
    "its claims are no UTF-8",
    "MALFORMED",
    making({ claims: Buffer.from('{"a":"\xff"}', "latin1") }),
  ],
  ["its claims are a list", "MALFORMED", making({ claims: [CLAIMS] })],
  ["its claims are a string", "MALFORMED", making({ claims: JSON.stringify(CLAIMS) })],
  ["it declares a critical extension", "MALFORMED", withHeader({ crit: ["b64"], b64: true })],
  ["it declares an unknown one", "MALFORMED", withHeader({ crit: ["htm"], htm: "POST" })],
  ["it declares none to be critical", "MALFORMED", withHeader({ crit: [] })],
  ["its critical extensions are null", "MALFORMED", withHeader({ crit: null })],
];

const HEADERS: readonly Refused[] = [
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

const OF_KEYS: readonly Refused[] = [
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
  ["its key is of another curve", "KEY", making({ pair: KEYS.P384 })],
  ["its key is of another kind", "KEY", making({ header: { jwk: rsa } })],
  ["its RSA key has less than 2048 bits", "KEY", making({ alg: "RS256", pair: KEYS.RSA_SMALL })],
  ["its key is to encrypt", "KEY", withHeader({ jwk: { ...jwk, use: "enc" } })],
  ["its key may not verify", "KEY", withHeader({ jwk: { ...jwk, key_ops: [] } })],
  ["its key is for another algorithm", "KEY", withHeader({ jwk: { ...jwk, alg: "ES384" } })],
];

const LATER = encoded({ ...CLAIMS, iat: SECONDS + 1 });

const SIGNATURES: readonly Refused[] = [
  ["it has the key of another", "SIGNATURE", withHeader({ jwk: otherJwk })],
  ["another signed it", "SIGNATURE", making({ pair: KEYS.OTHER_P256, header: { jwk } })],
  ["its signature is empty", "SIGNATURE", spoilt(({ header, payload }) => `${header}.${payload}.`)],
  ["its signature is cut short", "SIGNATURE", withSignature(({ bytes }) => bytes.subarray(0, -1))],
  [
    "its signature is longer",
    "SIGNATURE",
    withSignature(({ bytes }) => Buffer.concat([bytes, hashOf(TOKEN)])),
  ],
  ["its signature is cut in a byte", "SIGNATURE", spoilt(({ proof }) => proof.slice(0, -1))],
  [
    "its signature is no base64url",
    "SIGNATURE",
    spoilt(({ header, payload }) => `${header}.${payload}.e`),
  ],
  ["its signature is zeroes", "SIGNATURE", withSignature(() => Buffer.alloc(64))],
  ["its signature is in DER", "SIGNATURE", withSignature(inDer)],
  ["its signature is a hash", "SIGNATURE", withSignature(() => hashOf(TOKEN))],
  ["its signature has one other bit", "SIGNATURE", withSignature(flipped)],
  [
    "its claims were put in another's place",
    "SIGNATURE",
    spoilt(({ header, signature }) => `${header}.${LATER}.${signature}`),
  ],
  [
    "its header was put in another's place",
    "SIGNATURE",
    spoilt(
      ({ payload, signature }) =>
        `${encoded({ typ: "DPoP+JWT", alg: "ES256", jwk })}.${payload}.${signature}`,
    ),
  ],
];

/** All that are refused before their claims are looked at. */
export const BAD_PROOFS: readonly Refused[] = [...TEXTS, ...HEADERS, ...OF_KEYS, ...SIGNATURES];
