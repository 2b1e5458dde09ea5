import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { checkServer, LoginRoleError } from "../../src/db/check-server.ts";
import { type Database, openPostgres } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { createTenant } from "../../src/domain/tenant/create-tenant.ts";
import { createLog } from "../../src/http/log.ts";
import { onServer } from "../support/postgres-server.ts";

const place = inject("database");
const superuserUrl = "postgresUrl" in place ? place.postgresUrl : "";
const tag = randomBytes(6).toString("hex");

/** Login roles and databases of this file, dropped when it ends; both belong to the whole server. */
const logins: string[] = [];
const databases: string[] = [];

/** Where one database is, for the superuser or for a login role. */
function urlOf(database: string, login?: string): string {
  const url = new URL(superuserUrl);
  url.pathname = `/${database}`;
  if (login !== undefined) [url.username, url.password] = [login, tag];
  return url.href;
}

async function aDatabase(owner?: string): Promise<string> {
  const name = `fieldgate_test_login_${tag}_${databases.length}`;
  await onServer(superuserUrl, `CREATE DATABASE ${name} ${owner ? `OWNER ${owner}` : ""}`);
  databases.push(name);
  return name;
}

function aLogin(): string {
  const name = `fieldgate_test_login_${tag}_${logins.length}`;
  logins.push(name);
  return name;
}

/** The statements that a message tells to run, for a login role of this name. */
function statementsIn(message: string, login: string): string[] {
  const lines = message.split("\n").filter((line) => line.startsWith("  "));
  return lines.map((line) =>
    line
      .trim()
      .replaceAll(/\bfieldgate_login\b/g, login)
      .replace("'…'", `'${tag}'`),
  );
}

async function refusal(database: Database): Promise<string> {
  const error: unknown = await checkServer(database).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LoginRoleError);
  return (error as LoginRoleError).message;
}

/** Makes a tenant and a dataset, writes a row and reads it, as a server would. */
async function serves(database: Database): Promise<unknown> {
  const { key } = await createTenant(database, { slug: `t${randomBytes(6).toString("hex")}` });
  const app = createApp({ database, log: createLog("silent") });
  const ask = async (query: string) => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify({ query }),
    };
    const transport = { requestId: "test", trace: {} };
    const response = await app.fetch("http://fieldgate.test/graphql", init, transport);
    return (await response.json()) as { data: { createDataset?: { dataset: { id: string } } } };
  };
  const made = await ask(
    `mutation { createDataset(input: {name: "towns", columns: [{name: "name", type: TEXT, unique: true}]})
       { dataset { id } } }`,
  );
  const id = made.data.createDataset?.dataset.id ?? "";
  await ask(
    `mutation { createRows(input: {datasetId: "${id}", rows: [{name: "Ulm"}]}) { count } }`,
  );
  return await ask(`{ dataset(name: "towns") { rowCount rows { nodes { values } } } }`);
}

const SERVED = {
  data: { dataset: { rowCount: 1, rows: { nodes: [{ values: { name: "Ulm" } }] } } },
};

describe.skipIf(superuserUrl === "")("the login role of PostgreSQL", () => {
  let superuser: Database;
  beforeAll(() => {
    superuser = openPostgres(superuserUrl);
  });
  afterAll(async () => {
    await superuser.close();
    for (const name of databases)
      await onServer(superuserUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    for (const name of logins) await onServer(superuserUrl, `DROP ROLE IF EXISTS ${name}`);
  });

  test("a superuser is told what to run, and what it then makes serves the database it had made", async () => {
    const name = await aDatabase();
    const asSuperuser = openPostgres(urlOf(name));
    await migrate(asSuperuser);
    await asSuperuser.close();
    const warning = await checkServer(superuser);
    const login = aLogin();
    for (const statement of statementsIn(warning ?? "", login)) {
      await onServer(superuserUrl, statement);
    }
    const database = openPostgres(urlOf(name, login));
    try {
      expect(await checkServer(database)).toBeNull();
      expect(await migrate(database)).toStrictEqual([]);
      expect(await serves(database)).toStrictEqual(SERVED);
    } finally {
      await database.close();
    }
  });

  test.each([
    ["its owner is fieldgate_owner", "fieldgate_owner"],
    ["its owner is somebody else", undefined],
  ])(
    "a login that owns nothing is told what it lacks, and then makes an empty database whole: %s",
    async (_whose, owner) => {
      const name = await aDatabase(owner);
      const login = aLogin();
      await onServer(superuserUrl, `CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD '${tag}'`);
      const database = openPostgres(urlOf(name, login));
      try {
        for (const statement of statementsIn(await refusal(database), login)) {
          await onServer(urlOf(name), statement);
        }
        expect(await checkServer(database)).toBeNull();
        expect((await migrate(database)).length).toBeGreaterThan(0);
        expect(await migrate(database)).toStrictEqual([]);
        expect(await serves(database)).toStrictEqual(SERVED);
      } finally {
        await database.close();
      }
    },
  );

  test("the login by itself owns nothing and reads nothing", async () => {
    const name = await aDatabase("fieldgate_owner");
    const login = aLogin();
    await onServer(superuserUrl, `CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD '${tag}'`);
    const database = openPostgres(urlOf(name, login));
    try {
      for (const statement of statementsIn(await refusal(database), login)) {
        await onServer(urlOf(name), statement);
      }
      await migrate(database);
      await serves(database);
      const { rows: relations } = await database.pool.query<{ name: string; owner: string }>(
        `SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_get_userbyid(c.relowner) AS owner
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('public', 'data', 'fieldgate') AND c.relkind IN ('r', 'v')`,
      );
      expect(relations.length).toBeGreaterThan(10);
      for (const relation of relations) {
        const asked = database.pool.query(`SELECT FROM ${relation.name}`);
        await expect(asked).rejects.toMatchObject({ code: "42501" });
        expect(relation.owner).toBe("fieldgate_owner");
      }
    } finally {
      await database.close();
    }
  });

  test("each statement that a login is told to run is needed", async () => {
    const name = await aDatabase();
    const login = aLogin();
    await onServer(superuserUrl, `CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD '${tag}'`);
    const database = openPostgres(urlOf(name, login));
    try {
      const statements = statementsIn(await refusal(database), login);
      for (const statement of statements) {
        await expect(migrate(database)).rejects.toMatchObject({ code: "42501" });
        await onServer(urlOf(name), statement);
      }
      await migrate(database);
    } finally {
      await database.close();
    }
  });
});
