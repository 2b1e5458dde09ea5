import { createHash } from "node:crypto";
import {
  CLAIMS,
  claimsFor,
  encoded,
  hashOf,
  NOW,
  proofOf,
  type Refused,
  SECONDS,
} from "./made-proof.ts";

/** The good proof for a token, but for claims that are changed. */
export const withClaims = (changed: object) => (token: string) =>
  proofOf({ claims: { ...claimsFor(token), ...changed } });

/** The good proof for a token, but for what it says of that. */
const withHash = (ath: (token: string) => unknown) => (token: string) =>
  withClaims({ ath: ath(token) })(token);

const REQUESTS: readonly Refused[] = [
  ["its method is in lower case", "METHOD", withClaims({ htm: "post" })],
  ["its method is another", "METHOD", withClaims({ htm: "GET" })],
  ["its method has a space", "METHOD", withClaims({ htm: "POST " })],
  ["its method is missing", "METHOD", withClaims({ htm: undefined })],
  ["its method is a number", "METHOD", withClaims({ htm: 1 })],
  ["its method is a list", "METHOD", withClaims({ htm: ["POST"] })],
  ["its URL is of another host", "URL", withClaims({ htu: "https://api.example.org/graphql" })],
  ["its host has a dot after it", "URL", withClaims({ htu: "https://api.example.com./graphql" })],
  ["its host is one below", "URL", withClaims({ htu: "https://a.api.example.com/graphql" })],
  ["its URL has another path", "URL", withClaims({ htu: "https://api.example.com/graph" })],
  ["its path is longer", "URL", withClaims({ htu: `${CLAIMS.htu}/` })],
  ["its path is in upper case", "URL", withClaims({ htu: CLAIMS.htu.toUpperCase() })],
  ["its path is missing", "URL", withClaims({ htu: "https://api.example.com" })],
  ["its URL has another port", "URL", withClaims({ htu: "https://api.example.com:8443/graphql" })],
  ["its URL is not of TLS", "URL", withClaims({ htu: "http://api.example.com/graphql" })],
  ["its scheme is another's", "URL", withClaims({ htu: "wss://api.example.com/graphql" })],
  ["its URL names a user", "URL", withClaims({ htu: "https://me@api.example.com/graphql" })],
  [
    "its host is a user",
    "URL",
    withClaims({ htu: "https://api.example.com@evil.example/graphql" }),
  ],
  ["its URL has an escaped path", "URL", withClaims({ htu: "https://api.example.com/%2Fgraphql" })],
  ["its URL is relative", "URL", withClaims({ htu: "/graphql" })],
  ["its URL is malformed", "URL", withClaims({ htu: "https://api example com/graphql" })],
  ["its URL is empty", "URL", withClaims({ htu: "" })],
  ["its URL is missing", "URL", withClaims({ htu: undefined })],
  ["its URL is a number", "URL", withClaims({ htu: 443 })],
  ["its URL is a list", "URL", withClaims({ htu: [CLAIMS.htu] })],
];

const TIMES: readonly Refused[] = [
  ["it is older than a minute", "TIME", withClaims({ iat: SECONDS - 60.001 })],
  ["it is from a day ago", "TIME", withClaims({ iat: SECONDS - 86_400 })],
  ["it is more than 30 s ahead", "TIME", withClaims({ iat: SECONDS + 30.001 })],
  ["its time is in milliseconds", "TIME", withClaims({ iat: NOW.getTime() })],
  ["its time is beyond all dates", "TIME", withClaims({ iat: 1e300 })],
  ["its time is 0", "TIME", withClaims({ iat: 0 })],
  ["its time is missing", "TIME", withClaims({ iat: undefined })],
  ["its time is null", "TIME", withClaims({ iat: null })],
  ["its time is NaN, which JSON makes null", "TIME", withClaims({ iat: NaN })],
  ["its time is a string", "TIME", withClaims({ iat: String(SECONDS) })],
  ["its time is a date", "TIME", withClaims({ iat: NOW })],
  ["its time is a list", "TIME", withClaims({ iat: [SECONDS] })],
  ["it has expired by its own word", "TIME", withClaims({ exp: SECONDS - 1 })],
  ["it is not to be used before later", "TIME", withClaims({ nbf: SECONDS + 60 })],
  [
    "its time is NaN, which is no JSON",
    "MALFORMED",
    () => proofOf({ claims: Buffer.from('{"iat":NaN}') }),
  ],
];

const NAMED: readonly Refused[] = [
  ["its id is missing", "ID", withClaims({ jti: undefined })],
  ["its id is empty", "ID", withClaims({ jti: "" })],
  ["its id is null", "ID", withClaims({ jti: null })],
  ["its id is a number", "ID", withClaims({ jti: 1 })],
  ["its id is a list", "ID", withClaims({ jti: [CLAIMS.jti] })],
  ["its id has 513 characters", "ID", withClaims({ jti: "x".repeat(513) })],
  ["it is for no token", "TOKEN", withClaims({ ath: undefined })],
  ["it is for another token", "TOKEN", withHash((token) => encoded(hashOf(`${token}x`)))],
  ["it has the token itself", "TOKEN", withHash((token) => token)],
  ["its hash is plain base64", "TOKEN", withHash((token) => hashOf(token).toString("base64"))],
  ["its hash is in hex", "TOKEN", withHash((token) => hashOf(token).toString("hex"))],
  ["its hash is cut short", "TOKEN", withHash((token) => encoded(hashOf(token)).slice(0, -1))],
  [
    "its hash is of hex",
    "TOKEN",
    withHash((token) => encoded(Buffer.from(hashOf(token).toString("hex")))),
  ],
  [
    "its hash is SHA-512",
    "TOKEN",
    withHash((token) => createHash("sha512").update(token).digest("base64url")),
  ],
  ["its hash is empty", "TOKEN", withClaims({ ath: "" })],
  ["its hash is a list", "TOKEN", withHash((token) => [encoded(hashOf(token))])],
];

/** All that say of their request what is not so. */
export const BAD_CLAIMS: readonly Refused[] = [...REQUESTS, ...TIMES, ...NAMED];

/** The nonces that are given out where they are asked for. */
export const NONCES = ["current", "previous"];

/** Of these each is good where no nonce is asked for. */
export const NONCED: readonly Refused[] = [
  ["it has no nonce", "NONCE", withClaims({})],
  ["its nonce is an old one", "NONCE", withClaims({ nonce: "before" })],
  ["its nonce is of another case", "NONCE", withClaims({ nonce: "Current" })],
  ["its nonce is empty", "NONCE", withClaims({ nonce: "" })],
  ["its nonce is null", "NONCE", withClaims({ nonce: null })],
  ["its nonce is a number", "NONCE", withClaims({ nonce: 0 })],
  ["its nonce is a list", "NONCE", withClaims({ nonce: ["current"] })],
  ["its nonce is all of them", "NONCE", withClaims({ nonce: NONCES.join() })],
];
