import type { Endpoint } from "./endpoints.ts";
import { exchange } from "./exchange.ts";
import { asked, type Cell, type Order, orders } from "./orders.ts";

/**
 * Asks once, and holds every cell against what was written. @returns How many bytes the answer has.
 *
 * @throws {Error} naming the first cell that is another, or the column that should not be there.
 */
export async function verify({ name, request, rowsOf }: Endpoint, first: number): Promise<number> {
  const { body } = await exchange(request(first));
  const rows = rowsOf(body.toString());
  if (rows.length !== first) throw new Error(`${name} answers ${rows.length} rows, not ${first}.`);
  orders(0, first - 1).forEach((order, place) => {
    const fault = difference(rows[place] ?? {}, order);
    if (fault !== null) throw new Error(`${name}, row ${place + 1} of ${first}: ${fault}`);
  });
  return body.byteLength;
}

/** What a row has that it should not have, or has not that it should have. */
function difference(row: Order, order: Order): string | null {
  const astray = Object.keys(row).find((name) => !asked.includes(name));
  if (astray !== undefined) return `${astray} was not asked for.`;
  const wrong = asked.find((name) => row[name] !== order[name]);
  return wrong === undefined
    ? null
    : `${wrong} is ${shown(row[wrong])}, and not ${shown(order[wrong])}.`;
}

const shown = (cell: Cell | undefined): string => JSON.stringify(cell) ?? "absent";
