import type { Place } from "../../test/app/cli/place.ts";
import type { Effort } from "../measure.ts";
import { number } from "../table.ts";
import { asking } from "./api.ts";
import { asOwner } from "./as-owner.ts";
import { fillDataset, limitedKey, makeDataset, manyRolesKey } from "./dataset.ts";
import { bareEndpoint, type Endpoint, fieldgateEndpoints, type Keys } from "./endpoints.ts";
import { nativeTable } from "./native-table.ts";
import { asked, orderColumns } from "./orders.ts";
import {
  type FieldgateReady,
  type Ready,
  type ServerProcess,
  withPlace,
  withProcess,
  withServer,
} from "./server-process.ts";

/** Where a server is started, and with what in it. */
export interface Filling {
  /** The PostgreSQL server to make databases on; null: embedded ones. */
  readonly postgres: string | null;
  /** How many rows the table has. */
  readonly rows: number;
  /** Told what is being done. */
  readonly say: (words: string) => void;
}

/** What is to be measured, and how. */
export interface Plan extends Filling {
  /** How many rows a request asks for. */
  readonly sizes: readonly number[];
  readonly effort: Effort;
  /** What every subject does before anything counts. */
  readonly warmUp: Effort;
}

/** The servers, filled with the same rows, and the keys to ask Fieldgate by. */
export interface Scene {
  readonly bare: ServerProcess<Ready>;
  readonly fieldgate: ServerProcess<FieldgateReady>;
  readonly keys: Keys;
}

/** Starts the bare server and Fieldgate, and fills them with the same rows. */
export async function withScene<Result>(
  plan: Plan,
  work: (scene: Scene) => Promise<Result>,
): Promise<Result> {
  return await withBare(plan, (bare) =>
    withFieldgate(plan, (fieldgate, keys) => work({ bare, fieldgate, keys })),
  );
}

async function withBare<Result>(
  { rows, postgres, say }: Filling,
  work: (bare: ServerProcess<Ready>) => Promise<Result>,
): Promise<Result> {
  say("filling the table of the bare server");
  const prepare = nativeTable({ columns: orderColumns, rows, indexes: ["region, number"] });
  const program = "requests/bare-server.ts";
  return await withServer<Ready, Result>(
    { program, args: [asked.join()], postgres, prepare },
    work,
  );
}

const PROGRAM = "requests/fieldgate-server.ts";

/**
 * Fills a database through the API of Fieldgate, and then starts Fieldgate on it anew: the memory that
 * writing took is not that of answering.
 */
export async function withFieldgate<Result>(
  filling: Filling,
  work: (fieldgate: ServerProcess<FieldgateReady>, keys: Keys) => Promise<Result>,
): Promise<Result> {
  const { postgres, say } = filling;
  say("starting Fieldgate");
  return await withPlace(postgres, async (place) => {
    const keys = await withProcess<FieldgateReady, Keys>(
      { program: PROGRAM },
      place,
      async ({ ready }) => await fill(ready, filling),
    );
    await settle(place);
    return await withProcess<FieldgateReady, Result>(
      { program: PROGRAM, args: [keys.all] },
      place,
      async (fieldgate) => await work(fieldgate, keys),
    );
  });
}

async function fill({ address, key }: FieldgateReady, { rows, say }: Filling): Promise<Keys> {
  const ask = asking(address, key);
  const dataset = await makeDataset(ask, "orders");
  await fillDataset(ask, dataset, rows, (written) =>
    say(`filling Fieldgate through its API: ${number(written)} of ${rowsOf(rows)}`),
  );
  const limited = await limitedKey(ask, dataset, { name: "clerk" });
  return { all: key, limited, roles: await manyRolesKey(ask, dataset) };
}

/** Does now what PostgreSQL would do by itself while it is timed. */
export async function settle(place: Place): Promise<void> {
  await asOwner(place, (client) => client.query("VACUUM (ANALYZE)"));
}

/** The bare server, and Fieldgate in every way of asking. */
export function endpointsOf({ bare, fieldgate, keys }: Scene): readonly Endpoint[] {
  return [bareEndpoint(listening(bare)), ...fieldgateEndpoints(listening(fieldgate), keys)];
}

const listening = ({ ready, pid }: ServerProcess<Ready>) => ({ address: ready.address, pid });

/** So many rows, in words. */
export const rowsOf = (count: number): string => (count === 1 ? "1 row" : `${number(count)} rows`);
