import fc from "fast-check";
import { expect, test } from "vitest";

import { compareDecimals, parseDecimal } from "../../src/cell/decimal.ts";

test.each([
  ["1", "10", -1],
  ["10", "9", 1],
  ["-1", "1", -1],
  ["-10", "-9", -1],
  ["1.5", "1.50", 0],
  ["1.05", "1.5", -1],
  ["-0.1", "-0.01", -1],
  ["0", "0.000", 0],
])("%s against %s", (a, b, sign) => {
  expect(Math.sign(compareDecimals(a, b))).toBe(sign);
});

type Scaled = [digits: bigint, scale: number];

const exact = ([digits, scale]: Scaled): bigint => digits * 10n ** BigInt(8 - scale);

const text = ([digits, scale]: Scaled): string => {
  const parsed = parseDecimal(`${digits}e-${scale}`);
  return parsed.ok ? parsed.text : "";
};

test("decimals are compared as numbers are", () => {
  const scaled = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(8));
  const property = fc.property(scaled, scaled, (a, b) => {
    const order = Number(exact(a) > exact(b)) - Number(exact(a) < exact(b));
    return Math.sign(compareDecimals(text(a), text(b))) === order;
  });
  expect(fc.check(property).counterexample).toBeNull();
});
