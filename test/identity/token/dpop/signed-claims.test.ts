import { describe, expect, test } from "vitest";
import { BAD_PROOFS } from "./bad-proofs.ts";
import { proofOf, TOKEN, verified } from "./made-proof.ts";

test("The proof that all of these deviate from is accepted", async () => {
  expect(await verified(proofOf())).not.toHaveProperty("fault");
});

describe("A proof is refused before its claims are looked at where", () => {
  test.each(BAD_PROOFS)("%s: %s", async (_, fault, proofFor) => {
    const proof = proofFor(TOKEN);
    expect(await verified(proof)).toStrictEqual({ fault });
    // Of another request, whose faults would be found next.
    expect(await verified(proof, { method: "GET", token: "" })).toStrictEqual({ fault });
  });
});
