import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ProofFault } from "../../../../src/identity/token/dpop/proof.ts";
import { CLAIMS, encoded, hashOf, NOW, proofOf, SECONDS, TOKEN, verified } from "./made-proof.ts";

const hash = hashOf(TOKEN);
const sha512 = createHash("sha512").update(TOKEN).digest("base64url");

const withClaims = (changed: object) => proofOf({ claims: { ...CLAIMS, ...changed } });

/** What is wrong with a proof, what it is refused for, and the proof. */
type Refused = [what: string, fault: ProofFault, proof: string];

const REQUESTS: Refused[] = [
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

const TIMES: Refused[] = [
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
    proofOf({ claims: Buffer.from('{"iat":NaN}') }),
  ],
];

const NAMED: Refused[] = [
  ["its id is missing", "ID", withClaims({ jti: undefined })],
  ["its id is empty", "ID", withClaims({ jti: "" })],
  ["its id is null", "ID", withClaims({ jti: null })],
  ["its id is a number", "ID", withClaims({ jti: 1 })],
  ["its id is a list", "ID", withClaims({ jti: [CLAIMS.jti] })],
  ["its id has 513 characters", "ID", withClaims({ jti: "x".repeat(513) })],
  ["it is for no token", "TOKEN", withClaims({ ath: undefined })],
  [
    "it is for another token",
    "TOKEN",
    withClaims({ ath: hashOf(`${TOKEN}x`).toString("base64url") }),
  ],
  ["it has the token itself", "TOKEN", withClaims({ ath: TOKEN })],
  ["its hash is plain base64", "TOKEN", withClaims({ ath: hash.toString("base64") })],
  ["its hash is in hex", "TOKEN", withClaims({ ath: hash.toString("hex") })],
  ["its hash is cut short", "TOKEN", withClaims({ ath: CLAIMS.ath.slice(0, -1) })],
  ["its hash is of hex", "TOKEN", withClaims({ ath: encoded(Buffer.from(hash.toString("hex"))) })],
  ["its hash is SHA-512", "TOKEN", withClaims({ ath: sha512 })],
  ["its hash is empty", "TOKEN", withClaims({ ath: "" })],
  ["its hash is a list", "TOKEN", withClaims({ ath: [CLAIMS.ath] })],
];

const NONCES = ["current", "previous"];

const NONCED: Refused[] = [
  ["it has no nonce", "NONCE", withClaims({})],
  ["its nonce is an old one", "NONCE", withClaims({ nonce: "before" })],
  ["its nonce is of another case", "NONCE", withClaims({ nonce: "Current" })],
  ["its nonce is empty", "NONCE", withClaims({ nonce: "" })],
  ["its nonce is null", "NONCE", withClaims({ nonce: null })],
  ["its nonce is a number", "NONCE", withClaims({ nonce: 0 })],
  ["its nonce is a list", "NONCE", withClaims({ nonce: ["current"] })],
  ["its nonce is all of them", "NONCE", withClaims({ nonce: NONCES.join() })],
];

test("The proof that all of these deviate from is accepted", async () => {
  expect(await verified(withClaims({}))).not.toHaveProperty("fault");
  for (const nonce of NONCES) {
    expect(await verified(withClaims({ nonce }), { nonces: NONCES })).not.toHaveProperty("fault");
  }
});

describe("A proof is refused where", () => {
  test.each([...REQUESTS, ...TIMES, ...NAMED])("%s: %s", async (_, fault, proof) => {
    expect(await verified(proof)).toStrictEqual({ fault });
  });
});

describe("A proof is refused, where nonces are asked for and", () => {
  test.each(NONCED)("%s: %s", async (_, fault, proof) => {
    expect(await verified(proof, { nonces: NONCES })).toStrictEqual({ fault });
    expect(await verified(proof, { nonces: [] })).toStrictEqual({ fault });
    expect(await verified(proof)).not.toHaveProperty("fault");
  });
});

test("What is wrong first is told, in the order of method, URL, time, id, token and nonce", async () => {
  const faults: string[] = [];
  const wrong = { htm: "GET", htu: "x", iat: 0, jti: "", ath: "" };
  for (let righted = 0; righted <= 5; righted += 1) {
    const left = Object.fromEntries(Object.entries(wrong).slice(righted));
    const found = await verified(withClaims(left), { nonces: NONCES });
    faults.push("fault" in found ? found.fault : "");
  }
  expect(faults).toStrictEqual(["METHOD", "URL", "TIME", "ID", "TOKEN", "NONCE"]);
});

test("A URL of ours that is none is that of no proof", async () => {
  expect(await verified(withClaims({ htu: "/graphql" }), { url: "/graphql" })).toStrictEqual({
    fault: "URL",
  });
});
