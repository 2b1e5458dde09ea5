import { describe, expect, test } from "vitest";
import { type Finding, isMet, verdict } from "../../bench/figure.ts";

const finding = (mid: number, bound: "≤" | "≥", stretch?: number): Finding => ({
  work: "reading",
  measured: { low: mid - 0.5, mid, high: mid + 0.5 },
  unit: " ×",
  reach: { bound, reach: 2, ...(stretch !== undefined && { stretch }) },
});

describe("A finding", () => {
  test("is met by its median, at its bound or on the right side of it", () => {
    expect([1, 2, 3].map((mid) => isMet(finding(mid, "≤")))).toEqual([true, true, false]);
    expect([1, 2, 3].map((mid) => isMet(finding(mid, "≥")))).toEqual([false, true, true]);
  });

  test("without a sample is missed", () => {
    expect(isMet(finding(Number.NaN, "≤"))).toBe(false);
    expect(isMet(finding(Number.NaN, "≥"))).toBe(false);
  });

  test("says what was measured, what it has to be, and whether it is", () => {
    expect(verdict(finding(1.5, "≤", 1))).toBe(
      "met    reading: 1.50 (1.00–2.00) ×; reach ≤ 2 ×; stretch ≤ 1 × missed",
    );
    expect(verdict(finding(1.5, "≥"))).toBe("missed reading: 1.50 (1.00–2.00) ×; reach ≥ 2 ×");
  });
});
