import { LOOKING } from "../authz/role.ts";
import type { Database } from "../db/database.ts";
import { ConflictError, InputError } from "../graphql/errors.ts";
import { type AskAsOperator, asOperator } from "./as-operator.ts";
import type { ColumnsOf, KeyOptions } from "./key-options.ts";
import { tell } from "./print.ts";
import { requireTenant } from "./tenant.ts";

/** Makes a key and prints its text; nothing else where a script may take it. */
export async function printNewKey(
  database: Database,
  name: string,
  options: KeyOptions,
): Promise<void> {
  const tenant = await requireTenant(database, options.tenant);
  const text = await createKey(asOperator(database, tenant.id), name, options);
  process.stdout.write(`${text}\n`);
  tell(`The key ${name} of ${tenant.slug}. It is kept nowhere: store it now.`);
}

/**
 * Makes a key with roles that there are, or with a role of its own name that it makes for it, which may look
 * and gives READ and UPDATE where the options say so. A role whose key could not be made is taken back.
 *
 * @returns The text of the key.
 * @throws {PublicError} naming what is not there, before anything is made.
 */
export async function createKey(
  ask: AskAsOperator,
  name: string,
  { role: roles = [], read = [], update = [] }: KeyOptions,
): Promise<string> {
  if (roles.length + read.length + update.length === 0) throw new InputError(NOTHING);
  const held = await rolesCalled(ask, roles);
  const grants = [
    ...(await grantsOf(ask, read, { read: "ALLOW" })),
    ...(await grantsOf(ask, update, { update: "ALLOW" })),
  ];
  const own = grants.length > 0 ? [await makeRole(ask, name, update.length > 0)] : [];
  try {
    for (const grant of merged(grants))
      await ask(SET_GRANT, { input: { ...grant, roleId: own[0] } });
    const input = { name, roleIds: [...held, ...own] };
    return (await ask<{ createKey: { secret: string } }>(CREATE_KEY, { input })).createKey.secret;
  } catch (error) {
    for (const id of own) await ask(DELETE_ROLE, { input: { id } }).catch(() => undefined);
    throw error;
  }
}

const NOTHING =
  "Say what the key may: --read sales:region,amount, --update sales:amount, or --role administrator.";

const CREATE_ROLE = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`;
const DELETE_ROLE = `mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { id } }`;
const SET_GRANT = `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`;
const CREATE_KEY = `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`;
const ROLES = `{ roles(first: 1000) { nodes { id name } } }`;
const DATASET = `query ($name: String!) { dataset(name: $name) { id columns { id name } } }`;

interface Named {
  readonly id: string;
  readonly name: string;
}

interface Grant {
  readonly datasetId: string;
  readonly columnId: string | null;
  readonly read?: "ALLOW";
  readonly update?: "ALLOW";
}

async function rolesCalled(ask: AskAsOperator, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const { roles } = await ask<{ roles: { nodes: Named[] } }>(ROLES);
  return names.map((name) => called(roles.nodes, "role", name).id);
}

async function makeRole(ask: AskAsOperator, name: string, writes: boolean): Promise<string> {
  const permissions = writes ? [...LOOKING, "row::update"] : LOOKING;
  const made = await ask<{ createRole: { role: { id: string } } }>(CREATE_ROLE, {
    input: { name, permissions },
  }).catch((error: unknown) => {
    if (!(error instanceof ConflictError)) throw error;
    throw new InputError(
      `There is a role ${name} already. Give the key that role with --role ${name}, or choose another name.`,
    );
  });
  return made.createRole.role.id;
}

async function grantsOf(
  ask: AskAsOperator,
  places: readonly ColumnsOf[],
  settings: Pick<Grant, "read" | "update">,
): Promise<Grant[]> {
  const grants: Grant[] = [];
  for (const { dataset: name, columns } of places) {
    const { dataset } = await ask<{ dataset: { id: string; columns: Named[] } | null }>(DATASET, {
      name,
    });
    if (!dataset) throw new InputError(`There is no dataset ${name} in this tenant.`);
    const ids = columns.map((column) => called(dataset.columns, "column", column).id);
    const columnIds = columns.length === 0 ? [null] : ids;
    grants.push(...columnIds.map((columnId) => ({ datasetId: dataset.id, columnId, ...settings })));
  }
  return grants;
}

/** One grant for each dataset or column: a grant takes the place of the one before. */
function merged(grants: readonly Grant[]): Grant[] {
  const byPlace = new Map<string, Grant>();
  for (const grant of grants) {
    const place = `${grant.datasetId} ${grant.columnId}`;
    byPlace.set(place, { ...byPlace.get(place), ...grant });
  }
  return [...byPlace.values()];
}

function called(things: readonly Named[], kind: string, name: string): Named {
  const found = things.find((thing) => thing.name === name);
  if (found) return found;
  const names = things.map((thing) => thing.name).join(", ");
  throw new InputError(`There is no ${kind} ${name}. There are: ${names}.`);
}
