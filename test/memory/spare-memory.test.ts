import { describe, expect, test } from "vitest";
import { SpareMemory } from "../../src/memory/spare-memory.ts";

const KB = 1024;

describe("Spare memory", () => {
  test("is handed out again once it was given back, by any part of it", () => {
    const spare = new SpareMemory(64 * KB);
    const first = spare.take(20 * KB);
    expect(first.byteLength).toBe(32 * KB);
    expect(spare.take(20 * KB).buffer).not.toBe(first.buffer);
    spare.give(first.subarray(1, 2));
    expect(spare.bytes).toBe(32 * KB);
    expect(spare.take(32 * KB).buffer).toBe(first.buffer);
    expect(spare.bytes).toBe(0);
  });

  test("that is given twice is handed out once", () => {
    const spare = new SpareMemory(128 * KB);
    const memory = spare.take(32 * KB);
    spare.give(memory);
    spare.give(memory);
    expect(spare.bytes).toBe(32 * KB);
    expect(spare.take(32 * KB).buffer).toBe(memory.buffer);
    expect(spare.take(32 * KB).buffer).not.toBe(memory.buffer);
  });

  test("is not kept beyond its bound, nor where it was made elsewhere or is small", () => {
    const spare = new SpareMemory(64 * KB);
    const taken = [spare.take(64 * KB), spare.take(64 * KB), spare.take(8 * KB)];
    for (const memory of [...taken, Buffer.allocUnsafeSlow(32 * KB)]) spare.give(memory);
    expect(spare.bytes).toBe(64 * KB);
  });
});
