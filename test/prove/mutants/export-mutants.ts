import type { Mutant } from "./mutant.ts";

const RIGHTS = ["test/domain/row/export-rights.test.ts"];
const URLS = ["test/domain/row/one-time-urls.test.ts"];
const FORMATS = ["test/domain/row/export-formats.test.ts"];

/** Sabotages of exports, and of the one-time URLs that lead to them. */
export const EXPORT_MUTANTS: readonly Mutant[] = [
  {
    name: "a one-time URL works again and again",
    file: "src/transfers/create-transfers.ts",
    from: "await takenTransfer(found, request);\n      const download",
    to: "const download",
    tests: URLS,
  },
  {
    name: "a one-time URL never expires",
    file: "src/db/transfers.ts",
    from: " AND t.expires_at > ${now}",
    to: " AND t.expires_at <> ${now}",
    tests: URLS,
  },
  {
    name: "an export is fetched with a key that was revoked meanwhile",
    file: "src/identity/holder.ts",
    from: 'keyState(found, now) === "ACTIVE"',
    to: 'keyState(found, now) !== "EXPIRED"',
    tests: URLS,
  },
  {
    name: "an export is fetched with a key that expired meanwhile",
    file: "src/identity/holder.ts",
    from: 'keyState(found, now) === "ACTIVE"',
    to: 'keyState(found, now) !== "REVOKED"',
    tests: URLS,
  },
  {
    name: "an export forgets what the request was narrowed to",
    file: "src/identity/holder.ts",
    from: "rightsOfKey(found, keyId, narrowedTo), found, use }",
    to: "rightsOfKey(found, keyId, null), found, use }",
    tests: RIGHTS,
  },
  {
    name: "an export that is fetched needs no permission any more",
    file: "src/domain/row/export/run-export.ts",
    from: "requirePermission(context, EXPORT);",
    to: "void [requirePermission, EXPORT];",
    tests: RIGHTS,
  },
  {
    name: "a column that comes and goes changes an export unsaid",
    file: "src/domain/row/export/export-mutations.ts",
    from: "columns: columns.map(({ name }) => name),",
    to: "unread: columns.map(({ name }) => name),",
    tests: RIGHTS,
  },
  {
    name: "an export tells a cell that may not be read from one that is not there",
    file: "src/db/row-bytes/row-writer.ts",
    from: "if (!by) return null;",
    to: "if (by !== undefined) return null;",
    tests: RIGHTS,
  },
  {
    name: "an export has every row",
    file: "src/db/row-export.ts",
    from: "WHERE ${predicateSql(filter, columnsById(dataset.definition))}",
    to: "WHERE ${filter.kind !== null} IS NOT NULL",
    tests: FORMATS,
  },
  {
    name: "reading an export is no reading",
    file: "src/domain/row/export/write-export.ts",
    from: "noteRowsRead(context, planned.dataset);",
    to: "",
    tests: RIGHTS,
  },
  {
    name: "an export begins text as a formula does",
    file: "src/cell/formula.ts",
    from: "return TO_MARK.test(text) ? `'${text}` : text;",
    to: "return text;",
    tests: FORMATS,
  },
  {
    name: "an export looks for a formula only behind some beginnings",
    file: "src/cell/formula.ts",
    from: "Array.from(`'${BEGINNINGS}`,",
    to: "Array.from(BEGINNINGS,",
    tests: ["test/db/row-bytes/csv-writer.test.ts"],
  },
];
