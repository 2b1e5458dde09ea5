import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

const SCHEMA = new URL("schema.prisma", import.meta.url);

/** Prisma's schema engine, from WebAssembly: nothing is downloaded and no binary is run. */
async function openEngine(factory: SqlMigrationAwareDriverAdapterFactory, schema: string) {
  const require = createRequire(import.meta.url);
  const wasm = require.resolve("@prisma/schema-engine-wasm").replace(/\.js$/, "_bg.wasm");
  const { instance } = await WebAssembly.instantiate(await readFile(wasm), {
    "./schema_engine_bg.js": bindings as unknown as WebAssembly.ModuleImports,
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports["__wbindgen_start"] as () => void)();
  return bindings.SchemaEngine.new(
    { datamodels: [["schema.prisma", schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

/**
 * The SQL that leads from the database behind `factory` to `schema.prisma`; empty when they agree.
 * Indexes and constraints that Prisma cannot express are not compared.
 */
export async function migrationTo(
  factory: SqlMigrationAwareDriverAdapterFactory,
  from: "empty" | "database",
): Promise<string> {
  const schema = await readFile(SCHEMA, "utf8");
  const engine = await openEngine(factory, schema);
  const files = [{ path: "schema.prisma", content: schema }];
  const { stdout } = await engine.diff({
    from: from === "empty" ? { tag: "empty" } : { tag: "schemaDatasource", files, configDir: "." },
    to: { tag: "schemaDatamodel", files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? "";
}
