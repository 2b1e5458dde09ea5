import { inTransaction, type Transaction } from "../../src/db/transaction.ts";
import type { Stage } from "../reference/stage.ts";

/** How much one statement asks for. */
const AT_ONCE = 60;

/** The transaction in which the tenant of a stage is asked. */
export function reachOf({ tenant: { tenantId } }: Stage) {
  return { role: "fieldgate_member", tenantId, mode: "snapshot" } as const;
}

/** Asks for many things, so many in one statement. Null is asked for nowhere, and answered as null. */
export async function askedTogether<Request, Found>(
  stage: Stage,
  requests: readonly (Request | null)[],
  ask: (transaction: Transaction, some: readonly Request[]) => Promise<Found[]>,
): Promise<(Found | null)[]> {
  const answers: (Found | null)[] = [];
  for (let from = 0; from < requests.length; from += AT_ONCE) {
    const some = requests.slice(from, from + AT_ONCE);
    const asked = some.filter((request) => request !== null);
    // eslint-disable-next-line no-await-in-loop
    const found = await inTransaction(stage.tenant.database, reachOf(stage), (transaction) =>
      asked.length === 0 ? Promise.resolve([]) : ask(transaction, asked),
    );
    answers.push(...some.map((request) => (request === null ? null : (found.shift() ?? null))));
  }
  return answers;
}
