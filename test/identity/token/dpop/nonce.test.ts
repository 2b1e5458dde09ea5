import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { noncesAt } from "../../../../src/identity/token/dpop/nonce.ts";

const KEY = Buffer.alloc(32, 7);

test("A nonce is the HMAC of its period, in base64url", () => {
  const nonce = (period: number) =>
    createHmac("sha256", KEY).update(`["DPoP nonce",${period}]`).digest("base64url");
  expect(noncesAt(KEY, new Date(600_000), 300)).toStrictEqual([nonce(2), nonce(1)]);
  expect(nonce(2)).toMatch(/^[\w-]{43}$/);
});

test("The nonces stay as they are through a period, and the current one is the previous of the next", () => {
  fc.assert(
    fc.property(fc.nat(4_000_000), fc.integer({ min: 1, max: 3_600 }), (period, seconds) => {
      const [begins, ends] = [period * seconds * 1_000, (period + 1) * seconds * 1_000];
      const [current, previous] = noncesAt(KEY, new Date(begins), seconds);
      const [next, last] = noncesAt(KEY, new Date(ends), seconds);
      expect(noncesAt(KEY, new Date(ends - 1), seconds)).toStrictEqual([current, previous]);
      expect(last).toBe(current);
      expect(new Set([next, current, previous]).size).toBe(3);
    }),
  );
});

test("Those who have another key have other nonces", () => {
  const now = new Date("2026-11-20T12:00:00Z");
  const keys = [KEY, Buffer.alloc(32, 8), Buffer.alloc(32), randomBytes(32)];
  expect(new Set(keys.flatMap((key) => noncesAt(key, now, 300))).size).toBe(8);
});
