import type { JwtFault } from "../../../src/identity/jwt/jwt-fault.ts";
import type { TrustedIssuer } from "../../../src/identity/jwt/trusted-issuer.ts";
import { type Pair, signed } from "./forge.ts";
import {
  attackers,
  AUDIENCE,
  CLAIMS,
  claimsWith,
  HEADER,
  ISSUER,
  jwt,
  leaked,
  NOW,
  p256,
  p384,
  partsOf,
  rs512,
  rsa,
  sealing,
  SECONDS,
  spare,
  strangers,
  weak,
  withClaims,
  withHeader,
} from "./made-jwt.ts";

/** The good JWT with one part made into another after it was signed. */
function swapped(at: 0 | 1 | 2, become: (part: string) => string): string {
  const parts = partsOf(jwt());
  parts[at] = become(parts[at]);
  return parts.join(".");
}

const base64url = (content: string | Buffer) => Buffer.from(content).toString("base64url");

/** Alike, but for one bit of what it stands for. */
function flipped(part: string): string {
  const bytes = Buffer.from(part, "base64url");
  bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
  return base64url(bytes);
}

/** Alike, but for bits that stand for nothing: another spelling of the same bytes. */
function respelt(part: string): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return part.slice(0, -1) + (digits[digits.indexOf(part.at(-1) ?? "") + 1] ?? "");
}
const pemOf = ({ open }: Pair) => open.export({ format: "pem", type: "spki" }).toString();

/** What is wrong with a JWT, what it is refused for, and the JWT; and how its issuer is trusted, where not as usual. */
export type Bad = readonly [
  fault: JwtFault,
  what: string,
  token: string,
  by?: Partial<TrustedIssuer>,
];

const UNREADABLE: readonly Bad[] = [
  ["MALFORMED", "it is empty", ""],
  ["MALFORMED", "it is dots alone", ".."],
  ["MALFORMED", "it has no payload", `${partsOf(jwt())[0]}..${partsOf(jwt())[2]}`],
  ["MALFORMED", "it lacks the signature and its dot", partsOf(jwt()).slice(0, 2).join(".")],
  ["MALFORMED", "it has a fourth part", `${jwt()}.e30`],
  ["MALFORMED", "it is encrypted", `${base64url('{"alg":"dir","enc":"A256GCM"}')}..AA.AA.AA`],
  ["MALFORMED", "it is in the JSON serialization", JSON.stringify(partsOf(jwt()))],
  ["MALFORMED", "a space is before it", ` ${jwt()}`],
  ["MALFORMED", "a line break is after it", `${jwt()}\n`],
  ["MALFORMED", "a space is within it", jwt().replace(".", ". ")],
  ["MALFORMED", "its scheme is still there", `Bearer ${jwt()}`],
  ["MALFORMED", "its signature is padded", `${jwt()}==`],
  ["MALFORMED", "its signature is spelt otherwise", swapped(2, respelt)],
  [
    "MALFORMED",
    "it is in the other base64",
    jwt({ claims: { a: "???>>>~~~" } })
      .replaceAll("-", "+")
      .replaceAll("_", "/"),
  ],
  ["MALFORMED", "it has 20 KiB", withClaims({ padding: "x".repeat(15_000) })],
  ["MALFORMED", "its payload is cut off", swapped(1, (part) => part.slice(0, -8))],
  ["MALFORMED", "its header is no JSON", jwt({ headerBytes: "RS256" })],
  ["MALFORMED", "its header is a list", jwt({ headerBytes: JSON.stringify([HEADER]) })],
  [
    "MALFORMED",
    "its header is no UTF-8",
    jwt({ headerBytes: Buffer.from('{"alg":"RS256","x":"\xff"}', "latin1") }),
  ],
  [
    "MALFORMED",
    "its header says the algorithm twice",
    jwt({ headerBytes: '{"alg":"none","alg":"RS256","kid":"rsa"}' }),
  ],
  ["MALFORMED", "its payload is a list", jwt({ claimBytes: JSON.stringify([CLAIMS]) })],
  ["MALFORMED", "its payload is null", jwt({ claimBytes: "null" })],
  ["MALFORMED", "its payload is text", jwt({ claimBytes: JSON.stringify("248289761001") })],
  [
    "MALFORMED",
    "its payload is no UTF-8",
    jwt({ claimBytes: Buffer.from(claimsWith('"x":"\xff"'), "latin1") }),
  ],
  [
    "MALFORMED",
    "its payload begins with a byte order mark",
    jwt({ claimBytes: `\ufeff${JSON.stringify(CLAIMS)}` }),
  ],
  [
    "MALFORMED",
    "its payload holds more than one object",
    jwt({ claimBytes: `${JSON.stringify(CLAIMS)}{}` }),
  ],
  ["MALFORMED", "it is nested", jwt({ header: { cty: "JWT" }, claimBytes: jwt() })],
  ["MALFORMED", "a claim stands twice", jwt({ claimBytes: claimsWith('"sub":"another"') })],
  [
    "MALFORMED",
    "a claim stands twice, with a space before the colon",
    jwt({ claimBytes: claimsWith('"sub" : "another"') }),
  ],
  [
    "MALFORMED",
    "a claim stands twice, once escaped",
    jwt({ claimBytes: claimsWith('"s\\u0075b":"another"') }),
  ],
  [
    "MALFORMED",
    "a claim stands twice in another",
    jwt({ claimBytes: claimsWith('"a":[{"b":1,"b":2}]') }),
  ],
];

const EXTENDED: readonly Bad[] = [
  ["MALFORMED", "it needs an extension", withHeader({ crit: ["exp"], exp: 1 })],
  [
    "MALFORMED",
    "it needs an extension named as what every object has",
    withHeader({ crit: ["toString"] }),
  ],
  ["MALFORMED", "it lists no extension", withHeader({ crit: [] })],
  ["MALFORMED", "it needs an extension that is not there", withHeader({ crit: ["b64"] })],
  ["MALFORMED", "its payload says to be unencoded", withHeader({ crit: ["b64"], b64: false })],
];

const HEADERS: readonly Bad[] = [
  ["TYPE", "it is the proof of a key", withHeader({ typ: "dpop+jwt" })],
  ["TYPE", "it ends a session", withHeader({ typ: "logout+jwt" })],
  ["TYPE", "it ends a session, said in full", withHeader({ typ: "application/logout+jwt" })],
  [
    "TYPE",
    "it ends a session, and only its claims say so",
    withClaims({ events: { "http://schemas.openid.net/event/backchannel-logout": {} } }),
  ],
  ["TYPE", "it reports an event", withHeader({ typ: "secevent+jwt" })],
  ["TYPE", "its type is empty", withHeader({ typ: "" })],
  ["TYPE", "its type is null", withHeader({ typ: null })],
  ["TYPE", "its type is a list", withHeader({ typ: ["JWT"] })],
  [
    "TYPE",
    "it is bound to a key",
    withClaims({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }),
  ],
  ["ALGORITHM", "it is unsigned", `${base64url('{"alg":"none"}')}.${partsOf(jwt())[1]}.`],
  ["ALGORITHM", "it says to be unsigned", withHeader({ alg: "none" })],
  ["ALGORITHM", "it says so in another case", withHeader({ alg: "nOnE" })],
  [
    "ALGORITHM",
    "it says so and that is stored",
    withHeader({ alg: "none" }),
    { algorithms: ["none"] },
  ],
  ["ALGORITHM", "it says no algorithm", withHeader({ alg: undefined })],
  ["ALGORITHM", "its algorithm is a list", withHeader({ alg: ["RS256"] })],
  ["ALGORITHM", "its algorithm is in another case", withHeader({ alg: "rs256" })],
  ["ALGORITHM", "its algorithm is what every object has", withHeader({ alg: "constructor" })],
  [
    "ALGORITHM",
    "its algorithm is not among the trusted ones",
    jwt(),
    { algorithms: ["ES256", "PS256"] },
  ],
  ["ALGORITHM", "no algorithm is trusted", jwt(), { algorithms: [] }],
];

/** The public key of the issuer as a secret, in every form that a library might take for one. */
const CONFUSED: readonly Bad[] = (
  [
    ["the PEM of the public key", pemOf(rsa)],
    ["the PEM without its last line break", pemOf(rsa).trimEnd()],
    ["the public key as JWK", JSON.stringify(rsa.jwk)],
    ["the modulus", Buffer.from(rsa.jwk.n ?? "", "base64url").toString("latin1")],
    ["nothing", ""],
    ["a secret that the issuer published", "a secret"],
  ] as const
).flatMap(([what, key]) => {
  const kid = what.startsWith("a secret") ? "secret" : "rsa";
  const parts = [JSON.stringify({ alg: "HS256", kid }), JSON.stringify(CLAIMS)] as const;
  const token = signed(parts, "HS256", key);
  return [
    ["ALGORITHM", `its secret is ${what}`, token],
    [
      "ALGORITHM",
      `its secret is ${what} and HS256 is stored`,
      token,
      { algorithms: ["RS256", "HS256"] },
    ],
  ] satisfies Bad[];
});

const KEYS: readonly Bad[] = [
  ["KEY", "no key has the name that it says", withHeader({ kid: "rsa-2" })],
  ["KEY", "it says an empty name", withHeader({ kid: "" })],
  ["KEY", "it says a number as a name", withHeader({ kid: 1 })],
  ["KEY", "it says a path as a name", withHeader({ kid: "../../../../dev/null" })],
  ["KEY", "it says as a name what every object has", withHeader({ kid: "__proto__" })],
  ["KEY", "its key is on a curve", withHeader({ kid: "p256" })],
  [
    "KEY",
    "its key is on another curve",
    jwt({ header: { alg: "ES256", kid: "p384" }, by: p384.secret }),
  ],
  [
    "KEY",
    "its key is RSA and its algorithm is not",
    jwt({ header: { alg: "ES256" }, by: p256.secret }),
  ],
  ["KEY", "its key is a secret", withHeader({ kid: "secret" })],
  ["KEY", "its key is for encryption", jwt({ header: { kid: "sealing" }, by: sealing.secret })],
  ["KEY", "its key is for another algorithm", jwt({ header: { kid: "rs512" }, by: rs512.secret })],
  ["KEY", "its key is short", jwt({ header: { kid: "weak" }, by: weak.secret })],
  [
    "KEY",
    "its key was published with its secret half",
    jwt({ header: { kid: "leaked" }, by: leaked.secret }),
  ],
  ["SIGNATURE", "a stranger signed it", jwt({ by: strangers.secret })],
  [
    "SIGNATURE",
    "a stranger signed it and says no key",
    jwt({ header: { kid: undefined }, by: strangers.secret }),
  ],
  ["SIGNATURE", "another key of the issuer signed it", jwt({ by: spare.secret })],
  [
    "SIGNATURE",
    "a short key signed it that it does not name",
    jwt({ header: { kid: undefined }, by: weak.secret }),
  ],
  ["SIGNATURE", "it brings its key along", jwt({ header: attackers, by: strangers.secret })],
  [
    "SIGNATURE",
    "it says where its key is",
    jwt({ header: { jku: "https://evil.example/keys" }, by: strangers.secret }),
  ],
  [
    "SIGNATURE",
    "it says where its certificate is",
    jwt({ header: { x5u: "https://evil.example/cert" }, by: strangers.secret }),
  ],
  [
    "SIGNATURE",
    "it brings a certificate along",
    jwt({ header: { x5c: ["MIIB"] }, by: strangers.secret }),
  ],
  ["SIGNATURE", "a bit of its signature is another", swapped(2, flipped)],
  ["SIGNATURE", "its signature is cut off", swapped(2, (part) => part.slice(0, -2))],
  ["SIGNATURE", "its signature is missing", swapped(2, () => "")],
  [
    "SIGNATURE",
    "its signature is that of another",
    swapped(2, () => partsOf(withClaims({ sub: "1" }))[2]),
  ],
  [
    "SIGNATURE",
    "its payload is that of another",
    swapped(1, () => partsOf(withClaims({ sub: "1" }))[1]),
  ],
  [
    "SIGNATURE",
    "its header is that of another",
    swapped(0, () => partsOf(withHeader({ typ: "at+jwt" }))[0]),
  ],
  [
    "SIGNATURE",
    "its padding is another than it says",
    jwt({ header: { alg: "PS256" }, signedAs: "RS256" }),
  ],
  [
    "SIGNATURE",
    "its hash is another than it says",
    jwt({ header: { alg: "RS384" }, signedAs: "RS256" }),
  ],
  ["SIGNATURE", "its signature on a curve is zeroes", zeroes()],
];

function zeroes(): string {
  const [header, claims] = partsOf(jwt({ header: { alg: "ES256", kid: "p256" }, by: p256.secret }));
  return `${header}.${claims}.${base64url(Buffer.alloc(64))}`;
}

const NAMELESS: readonly Bad[] = [
  ["ISSUER", "it is of no issuer", withClaims({ iss: undefined })],
  ["ISSUER", "its issuer is null", withClaims({ iss: null })],
  ["ISSUER", "its issuer is a list", withClaims({ iss: [ISSUER] })],
];

const SAID: readonly Bad[] = [
  ["ISSUER", "it is of another issuer", withClaims({ iss: "https://login.example.org" })],
  ["ISSUER", "its issuer ends with a slash", withClaims({ iss: `${ISSUER}/` })],
  ["ISSUER", "its issuer is in another case", withClaims({ iss: ISSUER.toUpperCase() })],
  ["ISSUER", "its issuer begins alike", withClaims({ iss: `${ISSUER}.evil.example` })],
  ["AUDIENCE", "it is for somebody else", withClaims({ aud: "another" })],
  ["AUDIENCE", "it is for nobody in particular", withClaims({ aud: undefined })],
  ["AUDIENCE", "its audience is empty", withClaims({ aud: "" })],
  ["AUDIENCE", "its audiences are none", withClaims({ aud: [] })],
  ["AUDIENCE", "its audiences are others", withClaims({ aud: ["another", "fieldgate2"] })],
  ["AUDIENCE", "its audiences are in a list too many", withClaims({ aud: [[AUDIENCE]] })],
  ["AUDIENCE", "its audience is an object", withClaims({ aud: { 0: AUDIENCE } })],
  ["AUDIENCE", "its audience only holds the right one", withClaims({ aud: `${AUDIENCE} another` })],
  ["AUDIENCE", "it names us as the client alone", withClaims({ aud: "another", azp: AUDIENCE })],
  ["SUBJECT", "it is about nobody", withClaims({ sub: undefined })],
  ["SUBJECT", "its subject is empty", withClaims({ sub: "" })],
  ["SUBJECT", "its subject is null", withClaims({ sub: null })],
  ["SUBJECT", "its subject is a number", withClaims({ sub: 248_289_761_001 })],
  ["SUBJECT", "its subject is a list", withClaims({ sub: ["248289761001"] })],
  ["SUBJECT", "its subject has 256 characters", withClaims({ sub: "x".repeat(256) })],
  ["SUBJECT", "its subject holds NUL", withClaims({ sub: "248289761001\0" })],
  [
    "SUBJECT",
    "its subject holds half a character",
    jwt({ claimBytes: JSON.stringify({ ...CLAIMS, sub: "x" }).replace('"x"', '"\\ud800"') }),
  ],
];

const TIMES: readonly Bad[] = [
  ["EXPIRED", "it ended a second ago", withClaims({ exp: SECONDS - 1 })],
  ["EXPIRED", "it ends now", withClaims({ exp: SECONDS })],
  ["EXPIRED", "it ended an hour ago", withClaims({ iat: SECONDS - 4000, exp: SECONDS - 3600 })],
  ["EXPIRED", "it ended before it began", withClaims({ exp: -1 })],
  ["CLAIMS", "it does not end", withClaims({ exp: undefined })],
  ["CLAIMS", "its end is text", withClaims({ exp: String(SECONDS + 600) })],
  ["CLAIMS", "its end is null", withClaims({ exp: null })],
  ["CLAIMS", "its end is a list", withClaims({ exp: [SECONDS + 600] })],
  ["TOO_OLD", "it was made an hour ago", withClaims({ iat: SECONDS - 3600 })],
  [
    "TOO_OLD",
    "it was made long ago and ends late",
    withClaims({ iat: SECONDS - 100_000, exp: SECONDS + 1e9 }),
  ],
  ["TOO_OLD", "it was made when time began", withClaims({ iat: 0 })],
  ["TOO_OLD", "it is older than the tenant accepts", jwt(), { maxTokenAge: 60 }],
  ["CLAIMS", "it does not say when it was made", withClaims({ iat: undefined })],
  ["CLAIMS", "it says as text when it was made", withClaims({ iat: String(SECONDS) })],
  ["CLAIMS", "it says as text when it begins", withClaims({ nbf: String(SECONDS) })],
  ["NOT_YET", "it is made in 31 seconds", withClaims({ iat: SECONDS + 31 })],
  [
    "NOT_YET",
    "it is never made",
    jwt({ claimBytes: JSON.stringify({ ...CLAIMS, iat: 7 }).replace('"iat":7', '"iat":1e400') }),
  ],
  ["NOT_YET", "it is made in milliseconds", withClaims({ iat: NOW.getTime() })],
  ["NOT_YET", "it begins in 31 seconds", withClaims({ nbf: SECONDS + 31 })],
];

/** Those that name no issuer, or nothing at all: no tenant can be told of them. */
export const OF_NO_ISSUER: readonly Bad[] = [...UNREADABLE, ...NAMELESS];

/** Those that the tenant which is asked is told of. */
export const OF_AN_ISSUER: readonly Bad[] = [
  ...EXTENDED,
  ...HEADERS,
  ...CONFUSED,
  ...KEYS,
  ...SAID,
  ...TIMES,
];
