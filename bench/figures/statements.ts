import type { Figure } from "../figure.ts";
import { inTurn } from "../in-turn.ts";
import { fieldgateEndpoints } from "../requests/endpoints.ts";
import { exchange, type HttpRequest } from "../requests/exchange.ts";
import { type Plan, rowsOf, type Scene } from "../requests/scene.ts";
import type { HeardCount, StatementCount } from "../requests/server-process.ts";
import { table } from "../table.ts";

/** Counts what one request sends to the database, in each way of asking. */
export async function statements(scene: Scene, { sizes }: Plan): Promise<Figure> {
  const { ready, pid } = scene.fieldgate;
  const endpoints = fieldgateEndpoints({ address: ready.listenedTo, pid }, scene.keys);
  const lines = await inTurn(endpoints, async ({ title, request }) => {
    const counts = await inTurn(sizes, (first) => countOfRepeated(scene, request(first)));
    return [title, ...counts.map(({ statements: all, frames }) => `${all} (${frames})`)];
  });
  return {
    title:
      "Statements that one request sends; in brackets, those of them that begin or end a transaction",
    text: table(
      ["statements", ...sizes.map(rowsOf)],
      [["bare server", ...sizes.map(() => "1 (0)")], ...lines],
    ),
    findings: [],
  };
}

/** Of a request that came before: definitions that were read are not read again. */
async function countOfRepeated(scene: Scene, request: HttpRequest): Promise<StatementCount> {
  await countOf(scene, request);
  return await countOf(scene, request);
}

/** Asks again where it happened to be this request that recorded the use of its key. */
async function countOf(scene: Scene, request: HttpRequest): Promise<StatementCount> {
  await exchange(request);
  const { hasUse, ...count } = (await scene.fieldgate.ask("count")) as HeardCount;
  return hasUse ? await countOf(scene, request) : count;
}
