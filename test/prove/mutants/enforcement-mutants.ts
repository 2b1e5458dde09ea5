import type { Mutant } from "./mutant.ts";

const ROW_RIGHTS = ["test/domain/row/row-rights.test.ts"];
const ROW_AGGREGATES = ["test/domain/row/row-aggregates.test.ts"];
const LOCKS = ["test/db/locks.apart.test.ts"];
const RAW_SQL = ["test/db/raw-sql.test.ts"];
const MIGRATION = "prisma/migrations/20261122000002_locks/migration.sql";

/** Sabotages of what follows the decision: SQL, writes, answers, and the database's own locks. */
export const ENFORCEMENT_MUTANTS: readonly Mutant[] = [
  {
    name: "the readable view shows rows that are not seen",
    file: "src/db/readable-view.ts",
    from: "const seen = varies ? seenByFlags(dataset) : anySql(rowsSeen(plan), columns);",
    to: "const seen = sql`true`;",
    tests: ROW_RIGHTS,
  },
  {
    name: "the readable view shows cells that may not be read in a row",
    file: "src/db/readable-view.ts",
    from: "const held = by === null ? cell :",
    to: "const held = by !== undefined ? cell :",
    tests: ROW_RIGHTS,
  },
  {
    name: "a hidden cell is told from one without a value by nobody",
    file: "src/db/readable-view.ts",
    from: "varying.filter(({ by }) => !by?.some((place) => held[place]))",
    to: "varying.filter(({ by }) => by?.length === 0 && held.length === 0)",
    tests: ROW_RIGHTS,
  },
  {
    name: "a column of a computed view shows cells that may not be read in a row",
    file: "src/db/readable-view.ts",
    from: "const cells = [...new Set(named)].flatMap((id) => byId.get(id) ?? []);",
    to: "const cells = [...new Set(named)].flatMap((id) => byId.get(id) ?? []).map((cell) => ({ ...cell, by: null }));",
    tests: ROW_AGGREGATES,
  },
  {
    name: "groups are made of rows that do not match",
    file: "src/db/row-aggregates.ts",
    from: "v WHERE ${predicateSql(filter, columns)}",
    to: "v WHERE true",
    tests: ROW_AGGREGATES,
  },
  {
    name: "whoever may read nothing counts groups",
    file: "src/domain/row/row-aggregates.ts",
    from: "      requireRead(dataset);\n",
    to: "",
    tests: ROW_AGGREGATES,
  },
  {
    name: "groups are counted without the permission to read rows",
    file: "src/domain/row/row-aggregates.ts",
    from: 'authScopes: may("row::get"),\n    args: {',
    to: 'authScopes: may("dataset::get"),\n    args: {',
    tests: ROW_AGGREGATES,
  },
  {
    name: "a cursor of groups fits any groups",
    file: "src/domain/row/row-aggregates.ts",
    from: 'JSON.stringify(["groups", dataset.definition.id, ids, filter])',
    to: 'JSON.stringify(["groups", dataset.definition.id, ids])',
    tests: ROW_AGGREGATES,
  },
  {
    name: "lt is le",
    file: "src/db/predicate-sql.ts",
    from: "lt: (cell, operand) => sql`${cell} < ${operand}`",
    to: "lt: (cell, operand) => sql`${cell} <= ${operand}`",
    tests: ["test/domain/row/row-filter.test.ts"],
  },
  {
    name: "a filter whose column is gone lets every row through",
    file: "src/db/predicate-sql.ts",
    from: "return isWhole ? sqlOf(predicate, columns) : sql`false`;",
    to: "return isWhole ? sqlOf(predicate, columns) : sql`true`;",
    tests: ["test/domain/role/stored-filters.test.ts"],
  },
  {
    name: "writes reach rows that are not seen",
    file: "src/db/readable-view.ts",
    from: "AND ${anySql(rowsSeen(plan), columnsById(definition))})`;",
    to: ")`;",
    tests: ROW_RIGHTS,
  },
  {
    name: "a change is judged by the row as it becomes alone",
    file: "src/domain/row/row-rights.ts",
    from: "const versions = [was, withCells(was, cells)];",
    to: "const versions = [withCells(was, cells)];",
    tests: ROW_RIGHTS,
  },
  {
    name: "a change is judged by the row as it was alone",
    file: "src/domain/row/row-rights.ts",
    from: "const versions = [was, withCells(was, cells)];",
    to: "const versions = [was];",
    tests: ROW_RIGHTS,
  },
  {
    name: "a new row is judged without its defaults",
    file: "src/domain/row/create-rows.ts",
    from: "withoutFaults(rows, own),",
    to: "withoutFaults(rows.map((row, at) => ({ ...row, cells: written.rows[at] ?? row.cells })), own),",
    tests: ROW_RIGHTS,
  },
  {
    name: "whoever may delete some rows may delete all that it sees",
    file: "src/domain/row/row-rights.ts",
    from: "if (given.some(isEveryRow)) return [];",
    to: "if (given.length > 0) return [];",
    tests: ROW_RIGHTS,
  },
  {
    name: "a column that a row filter names may go",
    file: "src/domain/dataset/update-column.ts",
    from: "  await requireNoRowFilter(context, dataset, gone.id);\n",
    to: "",
    tests: ["test/domain/dataset/named-by-filters.test.ts"],
  },
  {
    name: "whoever may not know a column reads it in row filters",
    file: "src/domain/role/role-loaders.ts",
    from: "if (!named.every((id) => isFieldKnown(dataset.plan, id))) return null;",
    to: "",
    tests: ["test/domain/role/row-filter-grants.test.ts"],
  },
  {
    name: "setting a unique column tells of rows that are not seen",
    file: "src/access/write-needs.ts",
    from: ".find(({ id, tellsTaken }) => !tellsTaken && !readsEverywhere(plan, id));",
    to: ".find(({ id, tellsTaken }) => tellsTaken && !readsEverywhere(plan, id));",
    tests: ["test/app/security/unique-columns.test.ts"],
  },
  {
    name: "lists show datasets that the public is withheld",
    file: "src/db/is-known-sql.ts",
    from: "const opened = isPublic ? sql`d.access_level = 'OPEN'` : sql`true`;",
    to: "const opened = sql`true`;",
    tests: ["test/db/is-known-sql.test.ts"],
  },
  {
    name: "a change commits by rights that were revoked before",
    file: MIGRATION,
    from: "WHERE id = fieldgate.current_tenant() AND rights_version = used\n  FOR SHARE;",
    to: "WHERE id = fieldgate.current_tenant()\n  FOR SHARE;",
    tests: ["test/app/security/revocation.test.ts"],
  },
  {
    name: "the door of a dataset asks for no tenant",
    file: MIGRATION,
    from: "IF tenant IS DISTINCT FROM nullif(current_setting('fieldgate.tenant', true), '')::uuid THEN",
    to: "IF tenant IS NULL THEN",
    tests: RAW_SQL,
  },
  {
    name: "the door of a dataset lets the public in whatever its level",
    file: MIGRATION,
    from: "  IF who = 'fieldgate_member' THEN\n    RETURN true;",
    to: "  IF who IS NOT NULL THEN\n    RETURN true;",
    tests: RAW_SQL,
  },
  {
    name: "row-level security lets a member see all tenants' datasets",
    file: MIGRATION,
    from: "CREATE POLICY member ON dataset TO fieldgate_member\n  USING (tenant_id = (SELECT fieldgate.current_tenant()));",
    to: "CREATE POLICY member ON dataset TO fieldgate_member\n  USING (true);",
    tests: LOCKS,
  },
];
