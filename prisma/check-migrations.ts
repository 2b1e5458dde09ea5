import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, type SqlResultSet } from "@prisma/driver-adapter-utils";
import type pg from "pg";
import { overStreams } from "../src/db/database.ts";
import { openEmbeddedInMemory } from "../src/db/embedded/embedded-database.ts";
import { migrate } from "../src/db/migrate.ts";
import { migrationTo } from "./schema-engine.ts";

/** PostgreSQL's type `"char"`, the one-letter codes of its catalogues, which Prisma's adapter refuses. */
const CHAR = 18;
const TEXT = 25;

/** A pool whose answers call the one-letter codes text. */
function withoutChars(pool: pg.Pool): pg.Pool {
  const ask = pool.query.bind(pool) as (query: pg.QueryConfig) => Promise<pg.QueryArrayResult>;
  const query = async (config: pg.QueryConfig) => {
    const result = await ask(config);
    const fields = result.fields.map((field) =>
      field.dataTypeID === CHAR
        ? { ...field, dataTypeID: TEXT, name: `${field.name}${CODE}` }
        : field,
    );
    return { ...result, fields };
  };
  return Object.assign(pool, { query });
}

/** Marks the columns that were one-letter codes, between the pool and the adapter. */
const CODE = "\u0000code";

/** An adapter that gives the one-letter codes of {@link withoutChars} the type that the engine expects. */
class CatalogueAdapter extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    const ask = adapter.queryRaw.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: async (query: Parameters<typeof ask>[0]) => withChars(await ask(query)),
    });
  }
}

function withChars(result: SqlResultSet): SqlResultSet {
  return {
    ...result,
    columnNames: result.columnNames.map((name) => name.replace(CODE, "")),
    columnTypes: result.columnTypes.map((type, index) =>
      result.columnNames[index]?.endsWith(CODE) ? ColumnTypeEnum.Character : type,
    ),
  };
}

/** Fails when the migrations, applied to an empty database, do not lead to `schema.prisma`. */
const embedded = await openEmbeddedInMemory();
const database = overStreams(() => embedded.connect(), embedded.close);
await migrate(database);
const missing = await migrationTo(new CatalogueAdapter(withoutChars(database.pool)), "database");
await database.close();
if (missing.replaceAll(/^--.*$/gm, "").trim() !== "") {
  process.stderr.write(
    `schema.prisma and the migrations differ. Add a folder to prisma/migrations with:\n\n${missing}\n`,
  );
  process.exitCode = 1;
}
