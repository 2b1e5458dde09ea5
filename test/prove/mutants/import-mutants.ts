import type { Mutant } from "./mutant.ts";

const RIGHTS = ["test/domain/row/import-rights.test.ts"];
const FAULTS = ["test/domain/row/import-faults.test.ts"];
const MEANWHILE = ["test/domain/row/import-meanwhile.test.ts"];
const URLS = ["test/domain/row/one-time-urls.test.ts"];

/** Sabotages of imports of rows. */
export const IMPORT_MUTANTS: readonly Mutant[] = [
  {
    name: "an import asks for no row filter",
    file: "src/domain/row/import/staged-records.ts",
    from: "judgeNewRows(dataset, withoutFaults(creations, own))",
    to: "judgeNewRows(dataset, [])",
    tests: RIGHTS,
  },
  {
    name: "an import is done by the rights that there were when it began",
    file: "src/domain/row/import/row-importer.ts",
    from: "if ((await decisionAbout(this.#context, dataset)) === this.#decision) return dataset;",
    to: "if ((await decisionAbout(this.#context, dataset)) !== '') return dataset;",
    tests: MEANWHILE,
  },
  {
    name: "an import forgets where options are taken from",
    file: "src/domain/row/import/import-decision.ts",
    from: "[dataset, ...sources].map(decided)",
    to: "[dataset, ...sources].slice(0, 1).map(decided)",
    tests: MEANWHILE,
  },
  {
    name: "an import does not look which values were taken meanwhile",
    file: "src/domain/row/import/taken-meanwhile.ts",
    from: "of uniqueColumns(definition)",
    to: "of uniqueColumns(definition).slice(1)",
    tests: MEANWHILE,
  },
  {
    name: "an import does not look at the rows before in its file",
    file: "src/domain/row/import/staged-records.ts",
    from: "await takenFaults(context, waiting, withoutFaults(creations, faults))",
    to: "await takenFaults(context, waiting, [])",
    tests: FAULTS,
  },
  {
    name: "an import with faults is done all the same",
    file: "src/domain/row/import/row-importer.ts",
    from: 'faults.records > 0 && input.onFault !== "SKIP_ROW"',
    to: 'faults.records > 0 && input.onFault === "REJECT_ALL"',
    tests: FAULTS,
  },
  {
    name: "an import is shown to every key of the tenant",
    file: "src/domain/row/import/row-import.ts",
    from: "id: uuid, principal }",
    to: "id: uuid }",
    tests: RIGHTS,
  },
  {
    name: "the header of a file sets a column that may not be set",
    file: "src/domain/row/import/import-records.ts",
    from: '  requireSettable(dataset, "CREATE", fieldsNamed(rows));\n',
    to: "",
    tests: RIGHTS,
  },
  {
    name: "the URL of an import takes file after file",
    file: "src/transfers/create-transfers.ts",
    from: "await takenTransfer(found, request);\n      return",
    to: "return",
    tests: URLS,
  },
  {
    name: "the URL of an export takes a file, and that of an import gives one",
    file: "src/transfers/found-transfer.ts",
    from: "if (transfer.kind !== kind) throw",
    to: "if (transfer.kind === null) throw",
    tests: URLS,
  },
];
