import type { Database } from "../../../../src/db/database.ts";
import { createTenant } from "../../../../src/domain/tenant/create-tenant.ts";
import { type As, type Client, clientOf, type Document, type Sent } from "./client.ts";
import { PARTS, PEOPLE, partsOf, peopleOf, type TwinColumn, type TwinRow } from "./columns.ts";
import { random } from "./random.ts";
import { CALLER, CLERK, LEAKY, OF_KNOWN, others, REGISTRAR, type TwinRole } from "./roles.ts";
import { jwtsOf } from "./jwts.ts";
import { MINTER, tokensOf } from "./tokens.ts";
import { type Door, usersOf } from "./users.ts";

/** Who asks a twin: a user of it, by a session or by a JWT, or somebody by one of its keys. */
export type Who =
  | "caller"
  | "page"
  | "user"
  | "jwt"
  | "token"
  | "clerk"
  | "administrator"
  | "leaky";

/** One of two tenants that are alike as far as the caller reads. */
export interface Twin {
  readonly slug: string;
  /** The texts of keys, of the user's session, of the JWT, and of the token. */
  readonly keys: Readonly<Record<Who, string>>;
  readonly door: Door;
  /** Ids by what things are called; what only the other twin has is not there. */
  readonly ids: ReadonlyMap<string, string>;
  /** What stands in answers in the place of ids, by their digits. */
  readonly known: Map<string, string>;
  /** How many of these were there before anything was asked. */
  readonly named: number;
}

/** Two of them, and an API to ask. */
export interface Twins {
  readonly client: Client;
  readonly pair: readonly [Twin, Twin];
}

/**
 * Makes two tenants, alike in what the caller reads and different in everything else: cells, rows, columns,
 * defaults, datasets, the filters of others' roles, other users, and others' tokens.
 */
export async function aPair(
  database: Database,
  seed: number,
  { isMore = true, isBeyond = false }: Partial<Omit<Differing, "place">> = {},
): Promise<Twins> {
  const client = clientOf(database);
  const one = await aTwin(client, seed, { place: 0, isMore, isBeyond });
  const other = await aTwin(client, seed, { place: 1, isMore, isBeyond });
  return { client, pair: [one, other] };
}

interface Differing {
  readonly place: 0 | 1;
  /** Whether the second has a user more, of whom a clerk would hear. */
  readonly isMore: boolean;
  /** Whether there are rows beyond the condition of the token, of which keys would hear. */
  readonly isBeyond: boolean;
}

interface Making {
  readonly client: Client;
  readonly slug: string;
  readonly admin: string;
  readonly ids: Map<string, string>;
}

let pairs = 0;

async function aTwin(client: Client, seed: number, differing: Differing): Promise<Twin> {
  const { place, isBeyond } = differing;
  const slug = `twin_${process.pid}_${Date.now().toString(36)}_${(pairs += 1)}`;
  const { key: admin, tenantId, keyId } = await createTenant(client.database, { slug });
  const ids = new Map([
    ["tenant", `tenant_${tenantId}`.replaceAll("-", "")],
    ["administrator", `key_${keyId}`.replaceAll("-", "")],
  ]);
  const making = { client, admin, slug, ids };
  const [shared, own] = [random(seed), random(seed * 2 + place + 1)];
  const words = place === 0 ? ["red"] : ["blue", "green", "Ada"];
  await dataset(making, "vault", [{ name: "word", type: "TEXT" }]);
  await fill(
    making,
    "vault",
    words.map((word) => ({ name: null, cells: { word } })),
  );
  if (place === 1) await dataset(making, "cellar", [{ name: "word", type: "TEXT" }]);
  await dataset(making, "people", peopleColumns(ids, place));
  await fill(making, "people", peopleOf(shared, own, isBeyond));
  await dataset(making, "parts", PARTS);
  await fill(making, "parts", partsOf(shared, own));
  const { keys, door } = await keysOf(making, differing);
  const known = namesOf(ids);
  return { slug, keys, door, ids, known, named: known.size };
}

/** In one of the twins there is a column more, in the middle, and other defaults stand in those unknown. */
function peopleColumns(ids: ReadonlyMap<string, string>, place: 0 | 1): TwinColumn[] {
  const extra = { name: "extra", type: "DECIMAL", default: "1.5" };
  const secret = place === 0 ? "s" : `s${"x".repeat(50_000)}`;
  return PEOPLE.flatMap((column): TwinColumn[] => {
    if (column.name === "secret") return [{ ...column, default: secret }];
    if (column.name === "choice") return [{ ...column, optionsFrom: ids.get("vault.word") }];
    return column.name === "city" && place === 1 ? [extra, column] : [column];
  });
}

async function dataset({ client, admin, ids }: Making, name: string, columns: readonly object[]) {
  interface Made {
    dataset: { id: string; columns: { id: string; name: string }[] };
  }
  const input = { name, columns };
  const { dataset: found } = await client.must<Made>(
    admin,
    "createDataset",
    input,
    "dataset { id columns { id name } }",
  );
  ids.set(name, found.id);
  for (const column of found.columns) ids.set(`${name}.${column.name}`, column.id);
}

async function fill({ client, admin, ids }: Making, name: string, rows: readonly TwinRow[]) {
  const input = { datasetId: ids.get(name), rows: rows.map(({ cells }) => cells) };
  const filled = await client.must<{ rows: { id: string }[] }>(
    admin,
    "createRows",
    input,
    "rows { id }",
  );
  for (const [index, row] of filled.rows.entries()) {
    ids.set(rows[index]?.name ?? `${name} out of sight ${index}`, row.id);
  }
}

async function keysOf(making: Making, { place, isMore }: Differing) {
  const { client, admin, ids } = making;
  const held = [];
  for (const role of CALLER) held.push(await aRole(making, role));
  for (const role of others(place === 0 ? "blue" : "green")) await aRole(making, role);
  const keyOf = async (name: string, roleIds: readonly string[], publishable = false) => {
    const input = { name, roleIds, publishable };
    const { key, secret } = await client.must<{ key: { id: string }; secret: string }>(
      admin,
      "createKey",
      input,
      "key { id } secret",
    );
    ids.set(`key ${name}`, key.id);
    return secret;
  };
  const caller = await keyOf("caller", held);
  const page = await keyOf("page", held, true);
  const leaky = await keyOf("leaky", [...held, await aRole(making, LEAKY)]);
  const clerk = await keyOf("clerk", [...held, await aRole(making, CLERK)]);
  const registrar = await keyOf("registrar", [await aRole(making, REGISTRAR)]);
  const registering = { ...making, registrar };
  const users = await usersOf(registering, place, { held: OF_KNOWN, isMore });
  const minter = await keyOf("minter", [...held, await aRole(making, MINTER)]);
  const carried = OF_KNOWN.map((name) => ids.get(`role ${name}`));
  const token = await tokensOf({ client, minter, ids }, place, carried);
  const jwt = await jwtsOf(making, place, { held: OF_KNOWN, isMore });
  const user = users.session;
  const keys = { administrator: admin, caller, page, leaky, clerk, user, jwt, token };
  return { keys, door: users.door };
}

/** Makes a role with its grants, and remembers their ids. */
async function aRole(making: Making, { grants = [], ...role }: TwinRole): Promise<string> {
  const { client, admin, ids } = making;
  const made = await client.must<{ role: { id: string } }>(
    admin,
    "createRole",
    role,
    "role { id }",
  );
  const roleId = made.role.id;
  ids.set(`role ${role.name}`, roleId);
  for (const { dataset: on, columns, ...settings } of grants) {
    for (const column of columns ?? [null]) {
      const columnId = column === null ? null : ids.get(`${on}.${column}`);
      if (columnId === undefined) continue;
      const input = { roleId, datasetId: ids.get(on), columnId, ...settings };
      const { grant } = await client.must<{ grant: { id: string } }>(
        admin,
        "setGrant",
        input,
        "grant { id }",
      );
      ids.set(`grant ${role.name} ${on} ${column}`, grant.id);
    }
  }
  return roleId;
}

const DIGITS = /[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/g;

function namesOf(ids: ReadonlyMap<string, string>): Map<string, string> {
  const named = [...ids].filter(([name]) => !name.includes("out of sight"));
  return new Map(named.map(([name, id]) => [id.replace(/^[a-z]+_/, ""), name]));
}

/** What stands for what is not there, in both twins alike. */
const NEVER = "0192f3a1b2c37d4e8f00112233445566";

/** The id of something in a twin; one that never was, of the same kind, where it has none. */
export function idIn({ ids }: Twin, name: string, kind = "row"): string {
  return ids.get(name) ?? `${kind}_${NEVER}`;
}

/** Asks a twin. */
export async function askTwin(
  { client }: Twins,
  twin: Twin,
  [who, roles]: readonly [Who, As["roles"]],
  document: Document,
): Promise<Sent> {
  const { keys, slug } = twin;
  const sent = await client.send({ key: keys[who], roles, slug }, document);
  return { ...sent, text: await withFiles(client, sent.text, document.files ?? {}) };
}

/** An answer with what one-time URLs lead to in their place: a file, or what became of one that was sent there. */
async function withFiles(
  client: Client,
  text: string,
  files: NonNullable<Document["files"]>,
): Promise<string> {
  let whole = text;
  for (const [url, field = ""] of text.matchAll(/(?<="(\w+)":\{"url":)"\/transfers\/\w+"/g)) {
    const file = files[field];
    const to = JSON.parse(url) as string;
    const outcome = file === undefined ? await client.fetched(to) : await client.taken(to, file);
    whole = whole.replace(url, () => outcome);
  }
  return whole;
}

/**
 * All that was sent, but for what tells twins apart by their making: their ids, each by its name or by when it
 * was first met, and the signatures of cursors.
 */
export function plain({ status, headers, text }: Sent, { known, named }: Twin): string {
  const opened = text.replaceAll(
    /"(cursor|startCursor|endCursor)":"([^"]+)"/g,
    (_all, name: string, cursor: string) =>
      `"${name}":${Buffer.from(cursor, "base64url").subarray(16).toString()}`,
  );
  const alike = opened.replaceAll(DIGITS, (found) => {
    const digits = found.replaceAll("-", "");
    const name = known.get(digits) ?? `#${known.size - named}`;
    known.set(digits, name);
    return name;
  });
  const { date: _, "x-request-id": __, ...kept } = headers;
  return JSON.stringify([status, alike, kept]);
}
