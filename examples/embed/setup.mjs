import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./fieldgate.mjs";

/** What the films' page is made of: one role for its server, and two that it hands to pages. */
const ROLES = [
  {
    name: "embed_server",
    permissions: ["access_token::create", "dataset::get", "role::get", "viewer::get"],
    // A key needs to read the columns that the conditions of its tokens are about. The tokens do not.
    reads: ["distributor"],
  },
  {
    name: "embed_page",
    permissions: ["dataset::get", "row::get", "viewer::get"],
    reads: ["title", "director", "major_genre", "imdb_rating", "imdb_votes"],
  },
  {
    name: "embed_budgets",
    permissions: [],
    reads: ["production_budget"],
    // Whoever owns what a film is based on does not want its budget told.
    rowFilter: { read: { column: "source", eq: "Original Screenplay" } },
  },
];

const KEY_NAME = "embedding example";

/** Where Fieldgate is, and the key that this site has there: those of the environment, or made in the demo. */
export async function findFieldgate({ FIELDGATE_ENDPOINT, FIELDGATE_KEY, FIELDGATE_DATA_DIR }) {
  if (FIELDGATE_ENDPOINT && FIELDGATE_KEY) {
    return { endpoint: FIELDGATE_ENDPOINT, key: FIELDGATE_KEY };
  }
  const { endpoint, keys } = readDemo(join(FIELDGATE_DATA_DIR || ".fieldgate", "demo-keys.json"));
  return { endpoint, key: await makeKey({ endpoint, key: keys.administrator }) };
}

function readDemo(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new Error(
      `There is no ${path}. Start Fieldgate with its demo, or set FIELDGATE_ENDPOINT and FIELDGATE_KEY.`,
    );
  }
}

/** Makes the roles and their key, as any administrator would. Made again, they are as they were, with a new secret. */
async function makeKey(administrator) {
  const found = await ask(
    administrator,
    `{ dataset(name: "movies") { id columns { id name } }
       roles(first: 1000) { nodes { id name } }
       keys(first: 1000, status: ACTIVE) { nodes { id name } } }`,
  );
  const roleIds = [];
  for (const role of ROLES) roleIds.push(await makeRole(administrator, role, found));
  const known = found.keys.nodes.find(({ name }) => name === KEY_NAME);
  const { made } = known
    ? await ask(
        administrator,
        `mutation ($id: ID!) { made: rollKey(input: { id: $id }) { secret } }`,
        { id: known.id },
      )
    : await ask(
        administrator,
        `mutation ($input: CreateKeyInput!) { made: createKey(input: $input) { secret } }`,
        { input: { name: KEY_NAME, roleIds } },
      );
  return made.secret;
}

/** @returns The id of the role, which is made where there is none of its name. */
async function makeRole(administrator, { name, permissions, reads, rowFilter }, found) {
  const { dataset, roles } = found;
  const roleId =
    roles.nodes.find((role) => role.name === name)?.id ??
    (await createRole(administrator, { name, permissions }));
  const grants = dataset.columns
    .filter((column) => reads.includes(column.name))
    .map((column) => ({ columnId: column.id, read: "ALLOW" }));
  if (rowFilter) grants.push({ rowFilter });
  for (const grant of grants) {
    await ask(
      administrator,
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      { input: { roleId, datasetId: dataset.id, ...grant } },
    );
  }
  return roleId;
}

async function createRole(administrator, input) {
  const { createRole: created } = await ask(
    administrator,
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { input },
  );
  return created.role.id;
}
