import { createPublicKey } from "node:crypto";
import fc from "fast-check";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, test } from "vitest";
import {
  ALGORITHMS,
  ASKED,
  CLAIMS,
  hashOf,
  KEYS,
  longProof,
  NOW,
  proofOf,
  SECONDS,
  verified,
  type Making,
} from "./made-proof.ts";

const withClaims = (changed: object): Making => ({ claims: { ...CLAIMS, ...changed } });
const jwk = KEYS.P256.publicKey.export({ format: "jwk" });

describe("A proof is accepted", () => {
  test.each(Object.keys(ALGORITHMS))("that is signed by %s, and says whose it is", async (alg) => {
    const { pair } = ALGORITHMS[alg] ?? {};
    expect(await verified(proofOf({ alg }))).toStrictEqual({
      thumbprint: await calculateJwkThumbprint(pair?.publicKey.export({ format: "jwk" }) ?? {}),
      idHash: hashOf(CLAIMS.jti),
      issuedAt: NOW,
    });
  });

  test.each<[string, Making]>([
    ["whose type is in other letters", { header: { typ: "DPoP+JWT" } }],
    ["whose type is a whole media type", { header: { typ: "application/dpop+jwt" } }],
    ["that names its key besides", { header: { kid: "1", jku: "https://keys.example/" } }],
    ["whose key says what it is for", { header: { jwk: { ...jwk, use: "sig", alg: "ES256" } } }],
    ["whose key has a name", { header: { jwk: { ...jwk, kid: "1", key_ops: ["verify"] } } }],
    ["whose URL has a query", withClaims({ htu: `${CLAIMS.htu}?operation=1` })],
    ["whose URL has a fragment", withClaims({ htu: `${CLAIMS.htu}#top` })],
    ["whose URL ends with a question mark", withClaims({ htu: `${CLAIMS.htu}?` })],
    ["whose host is in other letters", withClaims({ htu: "HTTPS://API.Example.COM/graphql" })],
    [
      "whose URL tells the default port",
      withClaims({ htu: "https://api.example.com:443/graphql" }),
    ],
    ["whose path has dots", withClaims({ htu: "https://api.example.com/v1/../graphql" })],
    ["that is a minute old", withClaims({ iat: SECONDS - 60 })],
    ["that is 30 s ahead", withClaims({ iat: SECONDS + 30 })],
    ["whose time is not of whole seconds", withClaims({ iat: SECONDS - 0.25 })],
    ["that will expire", withClaims({ exp: SECONDS + 1 })],
    ["whose id has one character", withClaims({ jti: "1" })],
    ["whose id has 512 characters", withClaims({ jti: "x".repeat(512) })],
    ["whose id is of any script", withClaims({ jti: "удостоверение 🔑" })],
    ["whose nonce nobody asked for", withClaims({ nonce: "any" })],
    ["that says more than it must", withClaims({ iss: "me", aud: "you", x: 1 })],
  ])("%s", async (_, making) => {
    expect(await verified(proofOf(making))).not.toHaveProperty("fault");
  });

  test("of 8 KiB", async () => {
    expect(await verified(longProof(8_192))).not.toHaveProperty("fault");
  });

  test("for an endpoint with an empty path, with or without its slash", async () => {
    const proof = proofOf(withClaims({ htu: "https://api.example.com" }));
    for (const url of ["https://api.example.com", "https://api.example.com/?a#b"]) {
      expect(await verified(proof, { url })).not.toHaveProperty("fault");
    }
  });
});

test("One key has one thumbprint, however it is spelt", async () => {
  const spelt = { ...jwk, x: `${jwk.x}=`, kid: "other", ext: true };
  expect(createPublicKey({ key: spelt, format: "jwk" }).equals(KEYS.P256.publicKey)).toBe(true);
  const proofs = [await verified(proofOf()), await verified(proofOf({ header: { jwk: spelt } }))];
  expect(proofs[1]).toStrictEqual(proofs[0]);
  expect(proofs[0]).toHaveProperty("thumbprint", await calculateJwkThumbprint(jwk));
});

test("A proof is accepted for the very request that it was made for", async () => {
  const request = fc.record({
    method: fc.constantFrom("GET", "POST", "post", "QUERY"),
    url: fc
      .tuple(fc.constantFrom("https", "http"), fc.constantFrom("a.example", "b.example:8443"))
      .chain(([scheme, host]) =>
        fc
          .constantFrom("/", "/graphql", "/GraphQL", "/graphql/")
          .map((path) => `${scheme}://${host}${path}`),
      ),
    token: fc.oneof(fc.constantFrom("", "a", "A"), fc.string()),
  });
  await fc.assert(
    fc.asyncProperty(request, request, fc.boolean(), async (made, other, isSame) => {
      const { method: htm, url: htu, token } = made;
      const ath = hashOf(token).toString("base64url");
      const proof = proofOf(withClaims({ htm, htu, ath }));
      const asked = isSame ? made : other;
      const isAccepted = !("fault" in (await verified(proof, asked)));
      expect(isAccepted).toBe(JSON.stringify(asked) === JSON.stringify(made));
    }),
    { numRuns: 500 },
  );
});

test("No proof with another character in one place is accepted", async () => {
  // A signature of 96 bytes fills its text: no bits of the last character are without meaning.
  const good = proofOf({ alg: "ES384" });
  expect(await verified(good)).not.toHaveProperty("fault");
  const accepted: string[] = [];
  for (let at = 0; at < good.length; at += 1) {
    for (const put of ["A", "B", "_", ".", ""]) {
      const wrong = good.slice(0, at) + put + good.slice(at + 1);
      if (wrong !== good && !("fault" in (await verified(wrong)))) accepted.push(wrong);
    }
  }
  expect(accepted).toStrictEqual([]);
});

test("Nothing is thrown, whatever is in a proof that is signed, and its members are no other values", async () => {
  const members = [
    ...["typ", "alg", "jwk", "crit"].map((member) => ["header", member] as const),
    ...Object.keys(CLAIMS).map((member) => ["claims", member] as const),
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...members), fc.jsonValue(), async ([part, member], value) => {
      const making =
        part === "header" ? { header: { [member]: value } } : withClaims({ [member]: value });
      const found = await verified(proofOf(making));
      // An id may be any text.
      const isAny = member === "jti" && typeof value === "string" && value !== "";
      expect("fault" in found).toBe(!isAny);
    }),
    { numRuns: 500 },
  );
});

test("Nothing is thrown, and nothing accepted, whatever text is in the place of a proof", async () => {
  const part = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.json().map((text) => Buffer.from(text).toString("base64url")),
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.tuple(part, part, part).map((parts) => parts.join(".")),
  );
  await fc.assert(
    fc.asyncProperty(text, async (proof) => {
      expect(await verified(proof, ASKED)).toHaveProperty("fault");
    }),
    { numRuns: 1_000 },
  );
});
