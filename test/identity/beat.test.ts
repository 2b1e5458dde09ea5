import { expect, test } from "vitest";
import { awaitBeat } from "../../src/identity/beat.ts";

test.each([0.01, 3.3, 15, 19.9, 20.5, 47])(
  "what took %d ms before is answered on a beat of twenty and not before",
  async (before) => {
    const begun = performance.now() - before;
    await awaitBeat(begun);
    const after = performance.now() - begun;
    expect(after).toBeGreaterThanOrEqual(Math.ceil(before / 20) * 20);
  },
);
