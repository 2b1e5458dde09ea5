/**
 * Two tenants hold the same rows as far as one caller sees them, made by the same calls with the same ids
 * at the same time, and differ in all that it may not read. Every answer to it has to be the same.
 */
import { beforeAll, afterAll, describe, expect, test, vi } from "vitest";
import { createApp } from "../../../src/app.ts";
import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import type * as Ids from "../../../src/db/id.ts";
import { createLog } from "../../../src/http/log.ts";
import { testDatabase } from "../../support/database.ts";
import { aCookie } from "../../support/world.ts";

/** Ids are counted; those of a twin differ from the other's by its mark alone, and in the same places. */
const ids = vi.hoisted(() => ({ mark: "a", count: 0, tag: 0 }));

function nextId(tail: string): string {
  const count = (0x0193_0000_0000 + (ids.count += 1)).toString(16).padStart(12, "0");
  return `${count.slice(0, 8)}-${count.slice(8)}-7000-8${ids.mark.repeat(3)}-${ids.mark.repeat(4)}${tail}`;
}

vi.mock("../../../src/db/id.ts", async (original) => ({
  ...(await original<typeof Ids>()),
  newUuid: () => nextId(ids.mark.repeat(8)),
  newRowUuid: (tag: number) => nextId(tag.toString(16).padStart(8, "0")),
  newRowTag: () => (ids.tag += 1),
}));

const database = await testDatabase();
afterAll(() => database.close());

const NOW = new Date("2026-01-01T00:00:00.000Z");
const app = createApp({ database, log: createLog("silent"), now: () => NOW });

/** To what a token is bound. */
const COOKIE = aCookie();

type Mark = "a" | "b";
type Variables = Readonly<Record<string, unknown>>;

async function send(key: string | null, query: string, variables: Variables = {}) {
  const init = {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(key !== null && { "x-api-key": key }),
      cookie: COOKIE,
    },
    body: JSON.stringify({ query, variables }),
  };
  const transport = { requestId: "test", trace: {} };
  const response = await app.fetch("http://fieldgate.test/graphql", init, transport);
  return { status: response.status, text: await response.text() };
}

async function must<Data>(
  key: string | null,
  query: string,
  variables: Variables = {},
): Promise<Data> {
  const { text } = await send(key, query, variables);
  const { data, errors } = JSON.parse(text) as { data: Data; errors?: unknown };
  if (errors) throw new Error(`The document failed: ${text}`);
  return data;
}

/** An answer without what tells the twins apart: their ids, and the signatures of cursors. */
function plain({ status, text }: { status: number; text: string }, twin: Twin): string {
  const opened = text.replaceAll(
    /"(cursor|startCursor|endCursor)":"([^"]+)"/g,
    (_all, name: string, cursor: string) =>
      `"${name}":${Buffer.from(cursor, "base64url").subarray(16).toString()}`,
  );
  const digits = opened.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uuid) =>
    uuid.replaceAll("-", ""),
  );
  const named = Object.entries(twin.ids).reduce(
    (past, [name, id]) => past.replaceAll(id.replace(/^[a-z]+_/, "").replaceAll("-", ""), name),
    digits,
  );
  const { mark } = twin;
  return `${status} ${named.replaceAll(new RegExp(`8${mark}{7}(${mark}{8})?`, "g"), "8…")}`;
}

interface Twin {
  readonly mark: Mark;
  readonly key: string;
  /** Ids of everything, by what it is called. */
  readonly ids: Readonly<Record<string, string>>;
}

/** What is different: cells that the caller may not read, rows that it does not see, names it does not know. */
interface Difference {
  readonly salaries: readonly (number | null)[];
  readonly notes: readonly (string | null)[];
  readonly codes: readonly (string | null)[];
  readonly vault: readonly object[];
  readonly extraColumn: boolean;
  /** How many teams that the caller does not see come before each one that it sees. */
  readonly hiddenTeams: readonly number[];
  /** A link that the caller does not know. */
  readonly extraLink: boolean;
}

const NAMES = ["Ada", "Bob", "Cleo", "Dan", "Eve"];
const CITIES = ["Ulm", "Ulm", null, "Bonn", "Aachen"];

/** Who asks: a key, a user by a session, or an access token. */
type Who = "key" | "user" | "token";

async function aTwin(mark: Mark, who: Who, difference: Difference): Promise<Twin> {
  [ids.mark, ids.tag] = [mark, 0];
  const { key: admin, ...tenant } = await createTenant(database, {
    slug: `twin_${mark}_${who}`,
  });
  const vault = await make(admin, "vault", [{ name: "word", type: "TEXT", indexed: true }]);
  await fill(admin, vault["vault"] ?? "", difference.vault);
  const extra = { name: "extra", type: "DECIMAL", default: "1.5" };
  const people = await make(admin, "people", [
    { name: "name", type: "TEXT", indexed: true, required: true },
    { name: "salary", type: "INTEGER", indexed: true },
    ...(difference.extraColumn ? [extra] : []),
    { name: "city", type: "TEXT" },
    { name: "note", type: "TEXT", indexed: true },
    { name: "code", type: "TEXT", unique: true },
    { name: "badge", type: "TEXT", unique: true, tellsTaken: true },
    { name: "choice", type: "SELECT", optionsFrom: vault["vault.word"] },
  ]);
  const rows = NAMES.map((name, row) => ({
    name,
    city: CITIES[row],
    salary: difference.salaries[row],
    note: difference.notes[row],
    code: difference.codes[row],
    badge: `badge ${row}`,
  }));
  const filled = await fill(admin, people["people"] ?? "", rows);
  const teams = await someTeams(admin, people, filled, difference);
  const key = await aCaller(admin, who, { ...people, ...teams });
  const rowIds = Object.fromEntries(filled.map((id, row) => [`row${row}`, id]));
  const { tenantId, keyId } = tenant;
  return {
    mark,
    key,
    ids: { ...vault, ...people, ...teams, ...rowIds, tenant: tenantId, administrator: keyId },
  };
}

/** Teams of which the caller sees some, and which people lead to which: to hidden ones above all. */
async function someTeams(
  admin: string,
  people: Readonly<Record<string, string>>,
  rows: readonly string[],
  { hiddenTeams, extraLink }: Difference,
): Promise<Record<string, string>> {
  const teams = await make(admin, "teams", [
    { name: "name", type: "TEXT", indexed: true },
    { name: "open", type: "BOOLEAN" },
  ]);
  const teamsId = teams["teams"] ?? "";
  const [seen, hidden]: [string[], string[]] = [[], []];
  for (const [place, count] of hiddenTeams.entries()) {
    const others = Array.from({ length: count }, () => ({ name: "hidden", open: false }));
    if (count > 0) hidden.push(...(await fill(admin, teamsId, others)));
    seen.push(...(await fill(admin, teamsId, [{ name: `team ${place}`, open: true }])));
  }
  const addLink = async (input: object) =>
    await must<{ addLink: { link: { id: string } } }>(
      admin,
      `mutation ($input: AddLinkInput!) { addLink(input: $input) { link { id } } }`,
      { input: { datasetId: people["people"], targetId: teamsId, ...input } },
    );
  const { addLink: made } = await addLink({ name: "teams", many: true });
  if (extraLink) teams["people.allies"] = (await addLink({ name: "allies" })).addLink.link.id;
  else {
    // As many changes of the definition in both.
    const input = { id: people["people"], description: "" };
    await must(
      admin,
      `mutation ($input: UpdateDatasetInput!) { updateDataset(input: $input) { dataset { id } } }`,
      { input },
    );
  }
  const led = [[...hidden, ...seen], hidden, [], [seen[1], ...hidden], hidden.slice(1)];
  await must(admin, `mutation ($input: UpdateRowsInput!) { updateRows(input: $input) { count } }`, {
    input: {
      datasetId: people["people"],
      rows: rows.map((id, row) => ({ id, values: { teams: led[row] } })),
    },
  });
  return {
    ...teams,
    "people.teams": made.link.id,
    ...Object.fromEntries([...named("team", seen), ...named("hidden", hidden)]),
  };
}

const named = (name: string, all: readonly string[]) =>
  all.map((id, place) => [`${name}${place}`, id] as const);

async function make(key: string, name: string, columns: readonly object[]) {
  interface Made {
    createDataset: { dataset: { id: string; columns: { id: string; name: string }[] } };
  }
  const { createDataset } = await must<Made>(
    key,
    `mutation ($input: CreateDatasetInput!) {
       createDataset(input: $input) { dataset { id columns { id name } } } }`,
    { input: { name, columns } },
  );
  const { dataset } = createDataset;
  const columnIds = dataset.columns.map((column) => [`${name}.${column.name}`, column.id]);
  return Object.fromEntries([[name, dataset.id], ...columnIds]) as Record<string, string>;
}

async function fill(key: string, datasetId: string, rows: readonly object[]): Promise<string[]> {
  const { createRows } = await must<{ createRows: { rows: { id: string }[] } }>(
    key,
    `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id } } }`,
    { input: { datasetId, rows } },
  );
  return createRows.rows.map(({ id }) => id);
}

const METHODS = [
  "dataset::get dataset::find dataset::update node::get node::find row::get row::create",
  "row::update row::delete link::update column::add column::update column::remove role::find key::find viewer::get",
]
  .join(" ")
  .split(" ");

/** Who reads all but `salary`, `note` and `code`, does not know of `salary`, and writes the other two blind. */
async function aCaller(
  admin: string,
  who: Who,
  people: Readonly<Record<string, string>>,
): Promise<string> {
  const { createRole } = await must<{ createRole: { role: { id: string } } }>(
    admin,
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { input: { name: "caller", permissions: METHODS } },
  );
  const roleId = createRole.role.id;
  const datasetId = people["people"];
  const all = { read: "ALLOW", create: "ALLOW", update: "ALLOW" };
  const none = { read: "WITHHOLD", create: "WITHHOLD", update: "WITHHOLD" };
  for (const grant of [
    { ...all, delete: "ALLOW" },
    { columnId: people["people.salary"], ...none },
    { columnId: people["people.note"], read: "WITHHOLD" },
    { columnId: people["people.code"], read: "WITHHOLD" },
    { columnId: people["people.badge"], read: "WITHHOLD" },
    ...(people["people.extra"] ? [{ columnId: people["people.extra"], ...none }] : []),
    ...(people["people.allies"] ? [{ linkId: people["people.allies"], ...none }] : []),
    { datasetId: people["teams"], read: "ALLOW", ...openOnly(who) },
  ]) {
    await must(
      admin,
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      {
        input: { roleId, datasetId, ...grant },
      },
    );
  }
  // Ids that are only in one twin must not shift those that come after.
  ids.count = Math.ceil(ids.count / 0x100) * 0x100;
  if (who === "user") return await aSession(admin, roleId);
  return who === "key" ? await aKey(admin, [roleId]) : await aToken(admin, roleId, people);
}

/** Teams that are not open are not seen: for what a role says, for what is known of a user, or for a condition. */
function openOnly(who: Who) {
  if (who === "token") return {};
  return { rowFilter: { read: { column: "open", eq: who === "key" ? true : "$user.open" } } };
}

async function aKey(admin: string, roleIds: readonly string[]): Promise<string> {
  const made = await must<{ createKey: { secret: string } }>(
    admin,
    `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`,
    { input: { name: "caller", roleIds } },
  );
  return made.createKey.secret;
}

/** Has a key make a token that carries one role of it, and reaches open teams alone. */
async function aToken(
  admin: string,
  roleId: string,
  people: Readonly<Record<string, string>>,
): Promise<string> {
  const { createRole } = await must<{ createRole: { role: { id: string } } }>(
    admin,
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { input: { name: "minter", permissions: ["access_token::create"] } },
  );
  const made = await must<{ createAccessToken: { secret: string } }>(
    await aKey(admin, [roleId, createRole.role.id]),
    `mutation ($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret } }`,
    {
      input: {
        binding: "COOKIE",
        roleIds: [roleId],
        conditions: [{ datasetId: people["teams"], column: "open", op: "eq", value: true }],
        datasetIds: [people["people"]],
      },
    },
  );
  return made.createAccessToken.secret;
}

/** Registers a user, of whom it is known that it sees what is open, and logs it in. */
async function aSession(admin: string, roleId: string): Promise<string> {
  const attributes = [{ name: "open", type: "BOOLEAN" }];
  const schema = { input: { attributes } };
  await must(
    admin,
    `mutation ($input: SetUserAttributesInput!) { setUserAttributes(input: $input) { tenant { id } } }`,
    schema,
  );
  const { rollSystemSecret: door } = await must<{ rollSystemSecret: object }>(
    admin,
    "mutation { rollSystemSecret { systemKey systemSecret } }",
  );
  const user = { email: "ada@example.com", password: "a long enough phrase" };
  const { registerUser } = await must<{ registerUser: { user: { id: string } } }>(
    admin,
    `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`,
    { input: { ...user, attributes: { open: true } } },
  );
  await must(
    admin,
    `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`,
    { input: { userId: registerUser.user.id, roleIds: [roleId] } },
  );
  const { login } = await must<{ login: { sessionToken: string } }>(
    null,
    `mutation ($input: LoginInput!) { login(input: $input) { sessionToken } }`,
    { input: { ...door, ...user } },
  );
  return login.sessionToken;
}

let twins: readonly [Twin, Twin];

async function makeTwins(who: Who): Promise<void> {
  const start = ids.count;
  const one = await aTwin("a", who, {
    salaries: [10, 20, 30, 40, 50],
    notes: ["m", "n", "o", "p", "q"],
    codes: ["k1", "k2", "k3", "k4", "k5"],
    vault: [{ word: "red" }],
    extraColumn: false,
    hiddenTeams: [0, 0, 0],
    extraLink: false,
  });
  ids.count = start;
  const other = await aTwin("b", who, {
    salaries: [50, null, 7, 7, null],
    notes: [null, "z", "n".repeat(2_000), "a", null],
    codes: [null, "x", "taken", "k1", null],
    vault: [{ word: "blue" }, { word: "green" }, { word: "Ada" }],
    extraColumn: true,
    hiddenTeams: [2, 1, 3],
    extraLink: true,
  });
  twins = [one, other];
}

/** A document, and its variables by the ids of a twin; the dataset's where nothing else is said. */
type Question = readonly [string, ((ids: Twin["ids"]) => Variables)?];

/** Asks both twins the same, each by its own ids, and gives what they answered, one beside the other. */
async function asked(questions: readonly Question[]): Promise<[string[], string[]]> {
  const answers: [string[], string[]] = [[], []];
  for (const [query, variablesOf = ofPeople] of questions) {
    const start = Math.ceil((ids.count + 1) / 0x100) * 0x100;
    for (const [place, twin] of twins.entries()) {
      [ids.mark, ids.count] = [twin.mark, start];
      const answer = await send(twin.key, query, variablesOf(twin.ids));
      answers[place as 0 | 1].push(plain(answer, twin));
    }
    ids.count = start + 0x100;
  }
  return answers;
}

const ofPeople = ({ people }: Twin["ids"]): Variables => ({ id: people });

const COLUMNS = ["name", "salary", "extra", "city", "note", "code", "badge", "choice", "nonsense"];

/** Names like those of columns, known and unknown: what is suggested in their place may tell. */
const MISTYPED = ["nam", "salry", "extr", "citi", "cod"];

const ROW = `id version createdAt createdBy updatedAt updatedBy values hiddenColumns hiddenLinks __typename
  cell(column: "name") { value text column { id } }`;
const PAGE = `totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  edges { cursor node { ${ROW} } }`;
const ABOUT = `id name label description accessLevel version createdAt createdBy updatedAt updatedBy
  canRead canCreate canUpdate canDelete keyColumns rowCount
  links { id name label description many canRead canCreate canUpdate target { id name rowCount } }
  columns { id name label type position required unique isKey indexed editable tellsTaken default min
            max maxLength pattern options optionsFrom { id name } canRead canCreate canUpdate }`;

const OPERANDS: readonly (readonly [string, unknown])[] = [
  ["eq", "Ulm"],
  ["ne", "Ulm"],
  ["lt", "k1"],
  ["le", "k1"],
  ["gt", 20],
  ["ge", 20],
  ["in", ["n", "x", "Ulm"]],
  ["contains", "n"],
  ["startsWith", "k"],
  ["endsWith", "1"],
  ["isNull", true],
  ["isNull", false],
];

/** One question about many filters, each under an alias of its own. */
function filteredBy(filters: readonly object[]): Question {
  const names = filters.map((_filter, index) => `filter${index}`);
  const rows = names.map((name) => `${name}: rows(filter: $${name}) { totalCount nodes { id } }`);
  return [
    `query ($id: ID!, ${names.map((name) => `$${name}: RowFilter`).join(", ")}) {
       dataset(id: $id) { ${rows.join(" ")} } }`,
    (all) => ({
      id: all["people"],
      ...Object.fromEntries(filters.map((filter, index) => [`filter${index}`, filter])),
    }),
  ];
}

/** Orders by a column, alone and after another, whichever way. */
const ordersBy = (column: string) =>
  ["ASC", "DESC"].flatMap((direction) =>
    ["FIRST", "LAST"].flatMap((nulls) => [
      [{ column, direction, nulls }],
      [
        { column: "city", direction: "ASC" },
        { column, direction, nulls },
      ],
    ]),
  );

/** Reads page after page of a twin, by the cursors that it gives. */
async function pagesOf(twin: Twin, orderBy: readonly object[]): Promise<string[]> {
  const query = `query ($id: ID!, $orderBy: [RowOrder!], $after: String) {
    dataset(id: $id) { rows(first: 2, orderBy: $orderBy, after: $after) { ${PAGE} } } }`;
  const pages: string[] = [];
  let after: string | null = null;
  do {
    const answer = await send(twin.key, query, { id: twin.ids["people"], orderBy, after });
    after = /"endCursor":"([^"]+)"/.exec(answer.text)?.[1] ?? null;
    pages.push(plain(answer, twin));
  } while (after !== null && pages.length < 5);
  return pages;
}

/** Reads page after page of where a row of a twin leads. */
async function linkedPagesOf(twin: Twin, row: string, first: number): Promise<string[]> {
  const query = `query ($id: ID!, $row: ID!, $first: Int, $after: String) { dataset(id: $id) {
    row(id: $row) { linked(link: "teams", first: $first, after: $after) { ${PAGE} } } } }`;
  const pages: string[] = [];
  let after: string | null = null;
  do {
    const variables = { id: twin.ids["people"], row: twin.ids[row], first, after };
    const answer = await send(twin.key, query, variables);
    after = /"endCursor":"([^"]+)"/.exec(answer.text)?.[1] ?? null;
    pages.push(plain(answer, twin));
  } while (after !== null && pages.length < 9);
  return pages;
}

describe.each<Who>(["key", "user", "token"])(
  "a caller who is a %s is told the same by twins",
  (who) => {
    beforeAll(() => makeTwins(who));

    test("of the dataset, its columns and its rows", async () => {
      const [one, other] = await asked([
        [`query ($id: ID!) { dataset(id: $id) { ${ABOUT} rows { ${PAGE} } } }`],
        [
          `{ viewer { kind id name roles permissions } datasets { totalCount nodes { ${ABOUT} } } }`,
        ],
        [`{ dataset(name: "people") { id } vault: dataset(name: "vault") { id } }`],
      ]);
      expect(other).toStrictEqual(one);
      expect(one[0]).toContain('"rowCount":5');
      expect(one[0]).toContain('"values":{"name":"Ada","city":"Ulm","choice":null}');
      expect(one[0]).toContain('"hiddenColumns":["note","code","badge"]');
      expect(one[0]).not.toMatch(/salary|extra|vault/);
    });

    test("when it follows a link, counts where it leads and turns the pages", async () => {
      const pages: [string[], string[]] = [[], []];
      for (const [place, twin] of twins.entries()) {
        for (const row of ["row0", "row1", "row2", "row3", "row4"]) {
          pages[place as 0 | 1].push(...(await linkedPagesOf(twin, row, 1)));
          pages[place as 0 | 1].push(...(await linkedPagesOf(twin, row, 2)));
        }
      }
      expect(pages[1]).toStrictEqual(pages[0]);
      expect(pages[0].filter((text) => text.includes('"totalCount":3'))).toHaveLength(7);
      const all = `query ($id: ID!, $link: String!) { dataset(id: $id) { rows { nodes {
      hiddenLinks linked(link: $link) { ${PAGE} } } } } }`;
      const [one, other] = await asked(
        ["teams", "allies", "alli", "team", "name", "salary"].map((link) => [
          all,
          ({ people }) => ({ id: people, link }),
        ]),
      );
      expect(other).toStrictEqual(one);
    });

    test("when it writes a link to rows that it sees and to others", async () => {
      const targets = ["team0", "hidden0", "hidden1", "row0", "vault", "teams", "nothing"];
      const nothing = `row_${"0".repeat(32)}`;
      const lists = [...targets.map((name) => [name]), ["team1", "hidden0", "team2"], []];
      const create = `mutation ($input: CreateRowsInput!) { createRows(input: $input) {
      count results { faults { column code message } } } }`;
      const update = `mutation ($input: UpdateRowsInput!) { updateRows(input: $input) {
      count results { row { version linked(link: "teams") { totalCount nodes { id } } }
                      faults { column code message } } } }`;
      const idsOf = (names: readonly string[], all: Twin["ids"]) =>
        names.map((name) => all[name] ?? nothing);
      const [one, other] = await asked([
        ...["REJECT_ALL", "SKIP_ROW"].flatMap((onFault) =>
          lists.flatMap((names): Question[] => [
            [
              create,
              (all) => ({
                input: {
                  datasetId: all["people"],
                  rows: [{ name: "Led", teams: idsOf(names, all) }],
                  onFault,
                },
              }),
            ],
            [
              update,
              (all) => ({
                input: {
                  datasetId: all["people"],
                  rows: [{ id: all["row2"], values: { teams: idsOf(names, all) } }],
                  onFault,
                },
              }),
            ],
          ]),
        ),
        ...["allies", "alies"].map((link): Question => [
          create,
          (all) => ({ input: { datasetId: all["people"], rows: [{ [link]: all["team0"] }] } }),
        ]),
        ...["people.allies", "nothing"].map((link): Question => [
          `mutation ($input: UpdateLinkInput!) { updateLink(input: $input) { link { id } } }`,
          (all) => ({ input: { id: all[link] ?? "link_0", label: "x" } }),
        ]),
      ]);
      expect(other).toStrictEqual(one);
      expect(one.filter((text) => text.includes('"count":1')).length).toBe(8);
    });

    test.each(COLUMNS)(
      "when it filters by %s, with every operator, also under not",
      async (column) => {
        const visible = { column: "name", gt: "B" };
        const leaves = OPERANDS.map(([operator, operand]) => ({ column, [operator]: operand }));
        const [one, other] = await asked([
          filteredBy(leaves),
          filteredBy(leaves.map((leaf) => ({ not: leaf }))),
          filteredBy(leaves.map((leaf) => ({ or: [visible, leaf] }))),
          filteredBy(leaves.map((leaf) => ({ and: [visible, leaf] }))),
        ]);
        expect(other).toStrictEqual(one);
      },
    );

    test.each(COLUMNS)(
      "when it orders by %s, whichever way, and turns the pages",
      async (column) => {
        const pages: [string[], string[]] = [[], []];
        for (const orderBy of ordersBy(column)) {
          pages[0].push(...(await pagesOf(twins[0], orderBy)));
          pages[1].push(...(await pagesOf(twins[1], orderBy)));
        }
        expect(pages[1]).toStrictEqual(pages[0]);
      },
    );

    test.each(COLUMNS)("when it groups by %s and computes with it", async (column) => {
      const aggregates = ["sum", "avg", "min", "max"].flatMap((name) => [
        `${name}: aggregate(groupBy: "city", ${name}: "${column}") { nodes { keys count ${name} } }`,
        `${name}OfAll: aggregate(${name}: "${column}") { nodes { count ${name} } }`,
      ]);
      const by = `aggregate(groupBy: ["${column}", "city"], first: 2`;
      const groups = `totalCount edges { cursor node { keys count } }`;
      const [one, other] = await asked([
        ...aggregates.map((each): Question => [
          `query ($id: ID!) { dataset(id: $id) { ${each} } }`,
          ofPeople,
        ]),
        [`query ($id: ID!) { dataset(id: $id) { ${by}) { ${groups} } } }`, ofPeople],
      ]);
      expect(other).toStrictEqual(one);
      expect(one.join("")).toMatch(/"count":5|No column/);
    });

    test("when it asks for the values and the cell of any column", async () => {
      const query = `query ($id: ID!, $column: String!) { dataset(id: $id) {
      rows { nodes { values(columns: [$column]) } }
      cells: rows { nodes { cell(column: $column) { value } } } } }`;
      const [one, other] = await asked(
        [...COLUMNS, ...MISTYPED].map((column) => [
          query,
          (all) => ({ id: all["people"], column }),
        ]),
      );
      expect(other).toStrictEqual(one);
      expect(one.at(COLUMNS.length)).toContain("Did you mean");
    });

    test("when it looks up every id there is, whatever it is the id of", async () => {
      const node = `query ($id: ID!) { node(id: $id) { __typename id
      ... on Row { ${ROW} } ... on Dataset { ${ABOUT} } ... on Column { name options } } }`;
      const row = `query ($id: ID!, $row: ID!) { dataset(id: $id) { row(id: $row) { ${ROW} } } }`;
      const names = Object.keys(twins[1].ids);
      const [one, other] = await asked([
        ...names.map((name): Question => [node, (all) => ({ id: all[name] ?? "column_0" })]),
        ...names.map((name): Question => [
          row,
          (all) => ({ id: all["people"], row: all[name] ?? "0" }),
        ]),
        [
          `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`,
          (all) => ({ ids: names.map((name) => all[name] ?? "column_0") }),
        ],
      ]);
      expect(other).toStrictEqual(one);
    });

    test("when it changes the definition by what hidden cells hold", async () => {
      const changes = [
        { required: true },
        { unique: true },
        { indexed: true },
        { tellsTaken: true },
        { type: "INTEGER" },
        { type: "DATE" },
        { type: "JSON" },
        { type: "SELECT", options: ["m", "n"] },
      ];
      const update = `mutation ($input: UpdateColumnInput!) {
      updateColumn(input: $input) { column { id type } dataset { version } } }`;
      const key = `mutation ($input: UpdateDatasetInput!) {
      updateDataset(input: $input) { dataset { version keyColumns } } }`;
      const [one, other] = await asked([
        ...["note", "code", "salary", "badge"].flatMap((column) =>
          changes.map((change): Question => [
            update,
            (all) => ({ input: { id: all[`people.${column}`], ...change } }),
          ]),
        ),
        ...[["code"], ["note"], ["name", "note"], ["salary"], ["extra"], ["city"]].map(
          (keyColumns): Question => [key, (all) => ({ input: { id: all["people"], keyColumns } })],
        ),
      ]);
      expect(other).toStrictEqual(one);
      expect(one.filter((text) => text.includes("FORBIDDEN")).length).toBeGreaterThan(15);
    });

    test("when it makes rows, faulty ones too", async () => {
      const rows: readonly object[] = [
        { name: "Fay" },
        { name: "Gus", note: "blind" },
        { name: 7, city: {}, note: [] },
        {},

        { name: "Hal", code: "k1" },
        { name: "Hal", code: "free" },

        { name: "Ida", badge: "badge 1" },
        { name: "Ida", badge: "badge 9" },

        { name: "Jan", salary: 1 },
        { name: "Jan", extra: "1" },
        { name: "Jan", nonsense: 1 },
        ...MISTYPED.map((column) => ({ name: "Jan", [column]: 1 })),
        ...["red", "blue", "Ada"].map((choice) => ({ name: "Kay", choice })),
      ];
      const query = `mutation ($input: CreateRowsInput!) { createRows(input: $input) {
      count results { index id row { ${ROW} } faults { column code message } }
      rows { ${ROW} dataset { rowCount } } } }`;
      const [one, other] = await asked([
        ...["REJECT_ALL", "SKIP_ROW"].flatMap((onFault) =>
          rows.map((row): Question => [
            query,
            (all) => ({ input: { datasetId: all["people"], rows: [row], onFault } }),
          ]),
        ),
        [`query ($id: ID!) { dataset(id: $id) { rows { ${PAGE} } } }`],
      ]);
      expect(other).toStrictEqual(one);
    });

    test("when it changes and deletes rows, and gets them back", async () => {
      const values: readonly object[] = [
        { city: "Trier" },
        { note: "blind" },
        { salary: 1 },
        { nonsense: 1 },
        { salry: 1, extr: 1, nots: 1 },
        {},
        { code: "k1" },
        { code: "free" },
        { code: null },
        { badge: "badge 1" },
        { choice: "red" },
      ];
      const update = `mutation ($input: UpdateRowsInput!) { updateRows(input: $input) {
      count results { id row { ${ROW} } faults { column code message currentVersion } } } }`;
      const remove = `mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) {
      count results { id faults { code message } } rows { id } } }`;
      const [one, other] = await asked([
        ...["row0", "row3"].flatMap((row) =>
          values.flatMap((change) =>
            [null, 1].map((expectedVersion): Question => [
              update,
              (all) => ({
                input: {
                  datasetId: all["people"],
                  rows: [{ id: all[row], values: change, expectedVersion }],
                },
              }),
            ]),
          ),
        ),
        ...["row4", "row4", "people", "vault"].map((row): Question => [
          remove,
          (all) => ({ input: { datasetId: all["people"], rows: [{ id: all[row] }] } }),
        ]),
        [`query ($id: ID!) { dataset(id: $id) { ${ABOUT} rows { ${PAGE} } } }`],
      ]);
      expect(other).toStrictEqual(one);
    });

    test("when it names a dataset that it does not know", async () => {
      const writing = ["createRows", "updateRows", "deleteRows"].map((field): Question => [
        `mutation ($input: ${field.charAt(0).toUpperCase()}${field.slice(1)}Input!) {
         ${field}(input: $input) { count } }`,
        (all) => ({ input: { datasetId: all["vault"], rows: [] } }),
      ]);
      const [one, other] = await asked([
        ...writing,
        [
          `mutation ($input: AddColumnInput!) { addColumn(input: $input) { column { id } } }`,
          (all) => ({ input: { datasetId: all["vault"], column: { name: "x", type: "TEXT" } } }),
        ],
        [
          `mutation ($input: AddColumnInput!) { addColumn(input: $input) { column { id options } } }`,
          (all) => ({
            input: {
              datasetId: all["people"],
              column: { name: "x", type: "SELECT", optionsFrom: all["vault.word"] },
            },
          }),
        ],
      ]);
      expect(other).toStrictEqual(one);
      expect(one.every((text) => text.includes("NOT_FOUND"))).toBe(true);
    });
  },
);
