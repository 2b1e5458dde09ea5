import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { awaitTurn, takeTurn } from "../../src/graphql/turns.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const IN_ORDER = { key: "in order", atOnce: 1, mostWaiting: 100 };
const LONG = { key: "long", atOnce: 1, mostWaiting: 100 };
const FEW = { key: "few", atOnce: 3, mostWaiting: 5 };

test("a turn is passed on in the order in which it was waited for", async () => {
  const turn = takeTurn("in order");
  expect(takeTurn("in order")).toBeNull();
  const came: number[] = [];
  const others = [1, 2].map(async (number) => {
    const next = await awaitTurn(IN_ORDER);
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
  const waiting = Array.from({ length: 100 }, () => awaitTurn(LONG));
  expect(await awaitTurn(LONG)).toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => null));
  turn?.pass();
  expect(takeTurn("long")).not.toBeNull();
});

test("as many as may have their turn at once, and no more", async () => {
  const first = await Promise.all([awaitTurn(FEW), awaitTurn(FEW), awaitTurn(FEW)]);
  let came = 0;
  const others = Array.from({ length: 5 }, async () => {
    const turn = await awaitTurn(FEW);
    came += 1;
    return turn;
  });
  expect(await awaitTurn(FEW)).toBeNull();
  expect(came).toBe(0);
  first[0]?.pass();
  first[1]?.pass();
  await vi.advanceTimersByTimeAsync(1);
  expect(came).toBe(2);
  first[2]?.pass();
  for (const turn of others) (await turn)?.pass();
  expect(came).toBe(5);
  const again = await Promise.all([awaitTurn(FEW), awaitTurn(FEW), awaitTurn(FEW)]);
  expect(again).not.toContain(null);
});
