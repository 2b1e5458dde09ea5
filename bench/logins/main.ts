/**
 * Lets many users log in at once, and prints how long somebody else's query takes meanwhile, as a multiple of what it
 * takes before and after: `npm run bench:logins -- --users 200 --rounds 5`. Ends with 1 where a login failed.
 */
import { parseArgs } from "node:util";
import { postgresServer } from "../../test/support/postgres-server.ts";
import { inTurn, range } from "../in-turn.ts";
import { ratio, type Spread, spread } from "../measure.ts";
import { asking, graphqlRequest } from "../requests/api.ts";
import { exchange, type HttpRequest } from "../requests/exchange.ts";
import { type FieldgateReady, type ServerProcess, withServer } from "../requests/server-process.ts";
import { shown } from "../table.ts";

const { values } = parseArgs({
  options: { users: { type: "string", default: "200" }, rounds: { type: "string", default: "5" } },
});
const users = Number(values.users);
const rounds = Number(values.rounds);

const QUIET_MS = 3_000;
const PASSWORD = "a long enough phrase of words";
const LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { userId } }";
const REGISTER =
  "mutation ($input: RegisterUserInput!) { registerUser(input: $input) { __typename } }";

type Server = ServerProcess<FieldgateReady>;

/** Registers the users. @returns What logs each of them in. */
async function registered({ ready }: Server): Promise<readonly HttpRequest[]> {
  const { address, key } = ready;
  const ask = asking(address, key);
  const { rollSystemSecret } = await ask<{ rollSystemSecret: object }>(
    "mutation { rollSystemSecret { systemKey systemSecret } }",
    {},
  );
  return await inTurn(range(1, users), async (number) => {
    const who = { email: `user-${number}@example.com`, password: PASSWORD };
    await ask(REGISTER, { input: who });
    const input = { ...rollSystemSecret, ...who };
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ query: LOGIN, variables: { input } });
    return { url: `${address}/graphql`, body, headers };
  });
}

/** Asks the same again and again until the promise is settled. @returns How many milliseconds each answer took. */
async function askedUntil(request: HttpRequest, end: Promise<unknown>): Promise<readonly number[]> {
  const over = new AbortController();
  const stop = () => over.abort();
  void end.then(stop, stop);
  const taken: number[] = [];
  // oxlint-disable-next-line no-await-in-loop -- one at a time, as one caller asks
  while (!over.signal.aborted) taken.push((await exchange(request)).ms);
  return taken;
}

/** All users log in at once. @returns How many seconds it took until the last of them was in. */
async function crowd(logins: readonly HttpRequest[]): Promise<number> {
  const begun = performance.now();
  const answers = await Promise.all(logins.map(exchange));
  const failed = answers.filter(({ body }) => !body.includes('"userId"'));
  if (failed[0]) throw new Error(`${failed.length} failed, one by ${failed[0].body.toString()}`);
  return (performance.now() - begun) / 1_000;
}

async function measure(kind: string, postgres: string | null): Promise<void> {
  const serving = { program: "requests/fieldgate-server.ts", postgres } as const;
  await withServer<FieldgateReady, void>(serving, async (server) => {
    const logins = await registered(server);
    const { address, key } = server.ready;
    const query = graphqlRequest(address, key, { query: "{ viewer { kind } }", variables: {} });
    const taken = await inTurn(range(1, rounds), async () => {
      const quiet = await askedUntil(query, new Promise((end) => setTimeout(end, QUIET_MS)));
      const crowding = crowd(logins);
      const crowded = await askedUntil(query, crowding);
      return { quiet, crowded, seconds: await crowding };
    });
    const quiet = taken.flatMap((round) => round.quiet);
    const crowded = taken.flatMap((round) => round.crowded);
    console.log(
      lineOf(kind, { quiet, crowded, seconds: spread(taken.map(({ seconds }) => seconds)) }),
    );
  });
}

interface Taken {
  readonly quiet: readonly number[];
  readonly crowded: readonly number[];
  readonly seconds: Spread;
}

function lineOf(kind: string, { quiet, crowded, seconds }: Taken): string {
  return `${kind}: ${users} logins at once took ${shown(seconds)} s; another's query took ${shown(ratio(crowded, quiet))} times as long meanwhile: ${shown(spread(crowded))} ms, ${crowded.length} of them, instead of ${shown(spread(quiet))} ms`;
}

const postgres = await postgresServer();
if (postgres) await measure("PostgreSQL", postgres.url);
await measure("PGlite", null);
