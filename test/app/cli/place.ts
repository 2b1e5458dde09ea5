import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, reachDatabase } from "../../../src/db/database.ts";
import { onServer } from "../../support/postgres-server.ts";

/** A database of its own for real processes, and a folder for them to work in. */
export interface Place {
  readonly kind: Database["kind"];
  /** An empty folder, in which the programs run. */
  readonly folder: string;
  readonly dataDir: string;
  /** The whole environment of the programs. */
  readonly env: Readonly<Record<string, string>>;
  /** Opens the database, or reaches it through the process that holds it. */
  readonly reach: () => Promise<Database>;
  readonly drop: () => Promise<void>;
}

/** What the tests of a project are given; see `test/support`. */
export type Given = { readonly postgresUrl: string } | { readonly pgliteTemplate: string };

/** A place on the database that this project of tests is about. */
export async function aPlace(given: Given): Promise<Place> {
  return "postgresUrl" in given
    ? await postgresPlace(given.postgresUrl)
    : embeddedPlace(given.pgliteTemplate);
}

/** A place with an embedded database. @param template PostgreSQL's folder of one to begin as a copy of. */
export function embeddedPlace(template?: string): Place {
  const folder = newFolder();
  const dataDir = join(folder, "data");
  if (template !== undefined) cpSync(template, join(dataDir, "pgdata"), { recursive: true });
  const drop = () => Promise.resolve(rmSync(folder, { recursive: true, force: true }));
  return placeOf("PGlite", { folder, databaseUrl: null, drop });
}

let made = 0;

/** A place with a new database on the PostgreSQL server of this URL. */
export async function postgresPlace(server: string): Promise<Place> {
  const name = `fieldgate_test_${process.pid}_${Date.now()}_${(made += 1)}`;
  await onServer(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const folder = newFolder();
  const drop = async () => {
    rmSync(folder, { recursive: true, force: true });
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  return placeOf("PostgreSQL", { folder, databaseUrl: url.href, drop });
}

interface Parts {
  readonly folder: string;
  readonly databaseUrl: string | null;
  readonly drop: () => Promise<void>;
}

function placeOf(kind: Place["kind"], { folder, databaseUrl, drop }: Parts): Place {
  const dataDir = join(folder, "data");
  return {
    kind,
    folder,
    dataDir,
    env: {
      DATABASE_URL: databaseUrl ?? "",
      FIELDGATE_DATA_DIR: dataDir,
      FIELDGATE_DEMO: "0",
      PORT: "0",
    },
    reach: () => reachDatabase({ databaseUrl, dataDir }),
    drop,
  };
}

/** A port of this machine that is in use until it is freed. */
export async function aBusyPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const free = () => new Promise((resolve) => server.close(resolve));
  return { port: String(port), free };
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "fieldgate-place-"));
}
