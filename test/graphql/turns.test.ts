import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awaitTurn, takeTurn } from "../../src/graphql/turns.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a turn is passed on in the order in which it was waited for", async () => {
  const turn = takeTurn("in order");
  expect(takeTurn("in order")).toBeNull();
  const came: number[] = [];
  const others = [1, 2].map(async (number) => {
    const next = await awaitTurn("in order");
    came.push(number);
    next?.pass();
  });
  turn?.pass();
  await Promise.all(others);
  expect(came).toEqual([1, 2]);
  expect(takeTurn("in order")).not.toBeNull();
});

test("nobody waits for a turn for ever, or behind a hundred others", async () => {
  const turn = takeTurn("long");
  const waiting = Array.from({ length: 100 }, () => awaitTurn("long"));
  expect(await awaitTurn("long")).toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => null));
  turn?.pass();
  expect(takeTurn("long")).not.toBeNull();
});
