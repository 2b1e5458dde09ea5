import { randomBytes } from "node:crypto";
import { newKeyText } from "../../../src/identity/secret/key-text.ts";
import { type Answer, aWorld, uniqueName, type World } from "../../support/world.ts";
import { aliasOf, type Carried, documentOf, type Ids, type Place } from "./places.ts";

/** A tenant with something of every kind. */
export interface Probed {
  readonly world: World;
  readonly ids: Ids;
  /** Ids of more: of an OPEN dataset, and of the roles that every tenant has. */
  readonly others: readonly string[];
  readonly names: readonly string[];
  /** Cursors of the administrator, by the list that they are of. */
  readonly cursors: Readonly<Record<string, string>>;
  readonly keyTexts: readonly string[];
}

/** What never was, in a form that any thing of its kind could have. */
const NEVER = "0192f3a1b2c37d4e8f00112233445566";

/** A tenant with a dataset, a row, a link, a role with a grant, a key, and another dataset beside it. */
export async function aProbed(accessLevel: "PRIVATE" | "OPEN" = "PRIVATE"): Promise<Probed> {
  const world = await aWorld();
  const { ids, name, keyText } = await filled(world, accessLevel);
  const beside = await filled(world, "OPEN");
  const cursors = await cursorsOf(world, ids);
  const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  const { dataset, column, link, row } = beside.ids;
  const builtIn = roles.nodes.filter((role) => role.name.startsWith("a")).map(({ id }) => id);
  return {
    world,
    ids,
    others: [dataset, column, link, row, ...builtIn],
    names: [name, beside.name, ...roles.nodes.map((role) => role.name).slice(3), world.slug],
    cursors,
    keyTexts: [keyText, world.admin],
  };
}

/** A dataset with its row, which leads to itself, a role with a grant on it, and a key of the role; each new. */
export async function filled(world: World, accessLevel: "PRIVATE" | "OPEN") {
  const dataset = await world.dataset({
    columns: [
      { name: "name", type: "TEXT" },
      { name: "secret", type: "TEXT" },
      { name: "code", type: "TEXT", unique: true },
    ],
    rows: [{ name: "first", secret: "s" }],
  });
  const { updateDataset } = await world.ask<{ updateDataset: { dataset: { name: string } } }>(
    `mutation ($id: ID!, $accessLevel: AccessLevel!) {
       updateDataset(input: {id: $id, accessLevel: $accessLevel}) { dataset { name } } }`,
    { variables: { id: dataset.id, accessLevel } },
  );
  const role = await world.role({ permissions: ["event::write", "access_token::create"] });
  const key = await world.keyWithId({ roles: [role] });
  await world.ask(
    `mutation { writeEvent(input: {name: "custom::here", data: {}}) { __typename } }`,
    {
      key: key.secret,
    },
  );
  const link = await led(world, dataset);
  const column = dataset.columns["name"] ?? "";
  const granted = async (columnId: string | null) => {
    const { setGrant } = await world.ask<{ setGrant: { grant: { id: string } } }>(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      { variables: { input: { roleId: role, datasetId: dataset.id, columnId, read: "WITHHOLD" } } },
    );
    return setGrant.grant.id;
  };
  await granted(column);
  const ids: Ids = {
    tenant: `tenant_${world.tenantId.replaceAll("-", "")}`,
    dataset: dataset.id,
    column,
    link,
    row: dataset.rows[0] ?? "",
    role,
    key: key.id,
    grant: await granted(null),
    ...(await aUser(world)),
    ...(await aToken(world, key.secret)),
  };
  return { ids, name: updateDataset.dataset.name, keyText: key.secret };
}

/** A user that is logged in. */
async function aUser(world: World) {
  const { id: user, ...made } = await world.user();
  const session = await world.login(made);
  const { viewer } = await world.ask<{
    viewer: { user: { sessions: { nodes: { id: string }[] } } };
  }>("{ viewer { user { sessions { nodes { id } } } } }", { key: session });
  return { user, session: viewer.user.sessions.nodes[0]?.id ?? "" };
}

/** A token of a key, and an issuer that is trusted. */
async function aToken(world: World, key: string) {
  const { id: token } = await world.token({ key });
  const { trustIssuer } = await world.ask<{ trustIssuer: { trustedIssuer: { id: string } } }>(
    `mutation ($issuer: TrustIssuerInput!) { trustIssuer(input: $issuer) { trustedIssuer { id } } }`,
    {
      variables: {
        issuer: {
          issuer: `https://${uniqueName("issuer")}.example`,
          audience: "probes",
          jwksUrl: "https://keys.example/jwks",
        },
      },
    },
  );
  return { token, issuer: trustIssuer.trustedIssuer.id };
}

/** Leads the row of a dataset to itself. @returns The id of the link. */
async function led(world: World, { id, rows: [row] }: Awaited<ReturnType<World["dataset"]>>) {
  const link = await world.link({ datasetId: id, targetId: id, name: "onward" });
  await world.ask(
    `mutation ($id: ID!, $row: UpdateRow!) { updateRows(input: {datasetId: $id, rows: [$row]}) { count } }`,
    { variables: { id, row: { id: row, values: { onward: row } } } },
  );
  return link.id;
}

async function cursorsOf({ ask }: World, { dataset: datasetId, user: userId }: Ids) {
  interface Paged {
    readonly pageInfo: { readonly endCursor: string };
  }
  const lists = [
    "datasets",
    "roles",
    "keys",
    "events",
    "users",
    "sessions",
    "accessTokens",
    "trustedIssuers",
  ];
  const page = "pageInfo { endCursor }";
  const { dataset, user, ...found } = await ask<
    Record<string, Paged> & {
      user: { sessions: Paged } & Paged;
      dataset: { aggregate: Paged; rows: Paged & { nodes: { linked: Paged }[] } } & Paged;
    }
  >(
    `query ($id: ID!, $user: ID!) { user(id: $user) { sessions(first: 1) { ${page} } } ${lists.map((list) => `${list}(first: 1) { ${page} }`).join(" ")}
       dataset(id: $id) { aggregate(groupBy: "name", first: 1) { ${page} } rows(first: 1) { ${page} nodes { linked(link: "onward") { ${page} } } } } }`,
    { variables: { id: datasetId, user: userId } },
  );
  const { aggregate, rows } = dataset;
  const ofUser = user.sessions;
  const all = Object.entries({ ...found, aggregate, rows, ...rows.nodes[0], ofUser });
  return Object.fromEntries(all.map(([list, { pageInfo }]) => [list, pageInfo.endCursor]));
}

/** Something well formed that never existed, in the tenant that is asked. */
function neverOf(kind: Carried, { world: { tenantId } }: Probed): string {
  switch (kind) {
    case "cursor": {
      const body = Buffer.from(JSON.stringify([tenantId, "never"]));
      return Buffer.concat([randomBytes(16), body]).toString("base64url");
    }
    case "keyText":
      return newKeyText(tenantId, NEVER.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")).text;
    case "name":
      return "never_was";
    case "any":
      return `dataset_${NEVER}`;
    default:
      return `${kind}_${NEVER}`;
  }
}

/**
 * All that can be put into a place by which nothing of the asker's own tenant is named: what is another
 * tenant's, of every kind, what is its own and of a kind that does not fit, and what never was.
 */
export function strange({ kind, operation }: Place, own: Probed, foreign: Probed): string[] {
  const theirs = [...Object.values(foreign.ids), ...foreign.others];
  const texts = [...foreign.names, ...foreign.keyTexts, ...Object.values(foreign.cursors)];
  switch (kind) {
    case "cursor":
    case "name":
      return [...texts, ...theirs, ...Object.values(own.ids), neverOf("cursor", own)];
    case "keyText": {
      const guessed = newKeyText(foreign.world.tenantId, foreign.world.keyId).text;
      return [...texts, guessed, ...theirs, ...Object.values(own.ids)];
    }
    default: {
      const misfits = Object.entries(own.ids).filter(([each]) => kind !== "any" && each !== kind);
      const never = [own, foreign].map(
        ({ ids: { row } }) => neverOf("row", own).slice(0, -8) + row.slice(-8),
      );
      const isOfRows = kind === "row" || kind === "any";
      const ids = [...theirs, ...misfits.map(([, id]) => id), ...(isOfRows ? never : [])];
      return operation === "query" ? [...ids, ...texts] : ids;
    }
  }
}

/** Who asks, and in which tenant. */
export interface Asker {
  readonly own: Probed;
  readonly key: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an asker is told of ids, each put into the same place by a field of one document. */
async function answerTo(
  { own, key, headers }: Asker,
  place: Place,
  ids: readonly string[],
): Promise<Answer> {
  const [query, variables] = documentOf(place, ids);
  return await own.world.run(query, { key, variables, ...(headers && { headers }) });
}

/** Those of some ids whose answer is not to the byte that to an id that never was, with both. */
export async function answeredApart(
  asker: Asker,
  place: Place,
  ids: readonly string[],
): Promise<string[]> {
  const never = await answerTo(asker, place, [neverOf(place.kind, asker.own)]);
  const together = await answerTo(asker, place, ids);
  if (bytesOf(together) === bytesOf(repeated(never, ids.length))) return [];
  const expected = bytesOf(never);
  const apart: string[] = [];
  for (const id of ids) {
    const answer = bytesOf(await answerTo(asker, place, [id]));
    if (answer !== expected) apart.push(`${id}: ${answer}, not ${expected}`);
  }
  return apart.length > 0 ? apart : [`all together: ${together.text}, not ${expected}`];
}

/** All of an answer but its date, the id of the request, and its length, which the body has. */
export function bytesOf({ status, headers, text }: Answer): string {
  const { date: _, "x-request-id": __, "content-length": ___, ...others } = headers;
  return JSON.stringify([status, others, text]);
}

/** The answer to a document that asks so often what the other asked once. */
function repeated(answer: Answer, times: number): Answer {
  const body = JSON.parse(answer.text) as { data?: object | null; errors?: readonly Located[] };
  if (!body.data) return answer;
  const [value] = Object.values(body.data) as unknown[];
  const names = Array.from({ length: times }, (_none, index) => aliasOf(index));
  const errors = names.flatMap((name, index) => (body.errors ?? []).map(moved(name, index)));
  const text = JSON.stringify({
    ...body,
    data: Object.fromEntries(names.map((name) => [name, value])),
    ...(errors.length > 0 && { errors }),
  });
  return { ...answer, text };
}

interface Located {
  readonly path: readonly (string | number)[];
  readonly locations: readonly { readonly line: number; readonly column: number }[];
}

function moved(name: string, lines: number) {
  return (error: Located): Located => ({
    ...error,
    path: [name, ...error.path.slice(1)],
    locations: error.locations.map(({ line, column }) => ({ line: line + lines, column })),
  });
}
