import { describe, expect, test } from "vitest";
import { BAD_CLAIMS, NONCED, NONCES, withClaims } from "./bad-claims.ts";
import { TOKEN, verified } from "./made-proof.ts";

test("The proof that all of these deviate from is accepted", async () => {
  expect(await verified(withClaims({})(TOKEN))).not.toHaveProperty("fault");
  for (const nonce of NONCES) {
    expect(await verified(withClaims({ nonce })(TOKEN), { nonces: NONCES })).not.toHaveProperty(
      "fault",
    );
  }
});

describe("A proof is refused where", () => {
  test.each(BAD_CLAIMS)("%s: %s", async (_, fault, proofFor) => {
    expect(await verified(proofFor(TOKEN))).toStrictEqual({ fault });
  });
});

describe("A proof is refused, where nonces are asked for and", () => {
  test.each(NONCED)("%s: %s", async (_, fault, proofFor) => {
    expect(await verified(proofFor(TOKEN), { nonces: NONCES })).toStrictEqual({ fault });
    expect(await verified(proofFor(TOKEN), { nonces: [] })).toStrictEqual({ fault });
    expect(await verified(proofFor(TOKEN))).not.toHaveProperty("fault");
  });
});

test("What is wrong first is told, in the order of method, URL, time, id, token and nonce", async () => {
  const faults: string[] = [];
  const wrong = { htm: "GET", htu: "x", iat: 0, jti: "", ath: "" };
  for (let righted = 0; righted <= 5; righted += 1) {
    const left = Object.fromEntries(Object.entries(wrong).slice(righted));
    const found = await verified(withClaims(left)(TOKEN), { nonces: NONCES });
    faults.push("fault" in found ? found.fault : "");
  }
  expect(faults).toStrictEqual(["METHOD", "URL", "TIME", "ID", "TOKEN", "NONCE"]);
});

test("A URL of ours that is none is that of no proof", async () => {
  expect(await verified(withClaims({ htu: "/graphql" })(TOKEN), { url: "/graphql" })).toStrictEqual(
    {
      fault: "URL",
    },
  );
});
