import { afterAll, beforeAll, expect, test } from "vitest";
import { draws } from "../../support/draws.ts";
import { aProver, type Prover } from "../../support/prover.ts";
import { aCookie, aWorld, type World } from "../../support/world.ts";
import { eventsDuring } from "../../domain/event/log.ts";

const VIEWER = "{ viewer { kind } }";

/** How many tokens are made, and used, side by side. */
const SIDE_BY_SIDE = 10;

let world: World;
let key: string;
beforeAll(async () => {
  world = await aWorld();
  key = await world.key({ roles: [{ permissions: ["access_token::create", "viewer::get"] }] });
});
afterAll(() => world.database.close());

/** The embedded database does one transaction at a time: fewer pairs tell as much there. */
const pairs = () => draws(world.database.kind === "PGlite" ? 30 : 1_000);

/** Does something so often, some of it at once. */
async function often<Done>(times: number, work: (time: number) => Promise<Done>): Promise<Done[]> {
  const done: Done[] = [];
  for (let from = 0; from < times; from += SIDE_BY_SIDE) {
    const count = Math.min(SIDE_BY_SIDE, times - from);
    done.push(
      ...(await Promise.all(Array.from({ length: count }, (_none, at) => work(from + at)))),
    );
  }
  return done;
}

/** What became of two browsers that used a token first at the same time, and then once more. */
async function outcome(ask: (browser: 0 | 1) => Promise<number>) {
  const first = await Promise.all([ask(0), ask(1)]);
  const again = await Promise.all([ask(0), ask(1)]);
  return { first, again };
}

function tell(outcomes: readonly Awaited<ReturnType<typeof outcome>>[], how: string) {
  const wins = [0, 1].map(
    (browser) => outcomes.filter(({ first }) => first[browser] === 200).length,
  );
  const faulty = outcomes.filter(
    ({ first, again }) =>
      first.filter((status) => status === 200).length !== 1 ||
      first.filter((status) => status === 401).length !== 1 ||
      first.join() !== again.join(),
  );
  console.log(
    `${outcomes.length} pairs of first uses by ${how}: ${outcomes.length - faulty.length} with exactly one winner, the first of the two ${wins[0]} times.`,
  );
  return faulty;
}

test("of two browsers that use a token first at once, one does, and stays the one: by cookies", async () => {
  const written = await eventsDuring(world, async () => {
    const outcomes = await often(pairs(), async () => {
      const { secret } = await world.token({ key });
      const cookies = [aCookie(), aCookie()] as const;
      return await outcome(async (browser) => {
        const headers = { authorization: `Bearer ${secret}`, cookie: cookies[browser] };
        return (await world.run(VIEWER, { key: null, headers })).status;
      });
    });
    expect(tell(outcomes, "cookies")).toEqual([]);
  });
  const refused = written.filter(({ name }) => name === "system::authenticate");
  expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(["OTHER_BROWSER"]));
});

test("of two that bring no cookie, the one that it is bound to is given one, and the other nothing", async () => {
  const outcomes = await often(draws(100), async () => {
    const { secret } = await world.token({ key });
    const headers = { authorization: `Bearer ${secret}` };
    const answers = await Promise.all([0, 1].map(() => world.run(VIEWER, { key: null, headers })));
    return answers
      .map((answer) => `${answer.status} ${answer.headers["set-cookie"] !== undefined}`)
      .toSorted()
      .join();
  });
  expect(new Set(outcomes)).toEqual(new Set(["200 true,401 false"]));
});

test("and by proofs", async () => {
  const provers: readonly [Prover, Prover] = [await aProver(), await aProver()];
  const outcomes = await often(pairs(), async () => {
    const { secret } = await world.token({ key, binding: "DPOP" });
    return await outcome(async (browser) => {
      const headers = await provers[browser].headers({ token: secret });
      return (await world.run(VIEWER, { key: null, headers })).status;
    });
  });
  expect(tell(outcomes, "proofs")).toEqual([]);
});

test("a proof that is presented many times at once is accepted once", async () => {
  const prover = await aProver();
  const outcomes = await often(draws(100), async () => {
    const { secret } = await world.token({ key, binding: "DPOP" });
    const headers = await prover.headers({ token: secret });
    const statuses = await Promise.all(
      Array.from(
        { length: 4 },
        async () => (await world.run(VIEWER, { key: null, headers })).status,
      ),
    );
    return statuses.toSorted((one, other) => one - other).join();
  });
  expect(new Set(outcomes)).toEqual(new Set(["200,401,401,401"]));
});
