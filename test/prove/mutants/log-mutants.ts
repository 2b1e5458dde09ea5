import type { Mutant } from "./mutant.ts";

const MIGRATION = "prisma/migrations/20261125000000_change_log/migration.sql";
const LOG = ["test/db/row-log.test.ts"];
const ORDER = ["test/db/log-order.test.ts"];
const REPLAYED = ["test/domain/row/replayed-log.test.ts"];

/** Sabotages of the change log: its records, their order, and who reads and writes it. */
export const LOG_MUTANTS: readonly Mutant[] = [
  {
    name: "a commit takes its number when it begins",
    file: MIGRATION,
    from: "(tenant_id, id, dataset_id, by, client_id, client_name, at)\n  VALUES (tenant, commit, dataset,",
    to: "(tenant_id, number, id, dataset_id, by, client_id, client_name, at)\n  VALUES (tenant, 10 + nextval('public.event_seq_seq'), commit, dataset,",
    tests: ORDER,
  },
  {
    name: "writers of a dataset wait for each other from their first row on",
    file: MIGRATION,
    from: "DEFERRABLE INITIALLY DEFERRED",
    to: "DEFERRABLE INITIALLY IMMEDIATE",
    tests: ORDER,
  },
  {
    name: "whoever follows the log misses the rest of a commit",
    file: "src/db/row-log.ts",
    from: "${after ? sql`${restOfCommit(dataset, after, most)} UNION ALL` : sql``}",
    to: "",
    tests: ORDER,
  },
  {
    name: "rows are written into a commit that others have read",
    file: MIGRATION,
    from: "AND c.dataset_id = dataset\n               AND c.number IS NULL) THEN",
    to: "AND c.dataset_id = dataset) THEN",
    tests: LOG,
  },
  {
    name: "a row is changed without a version",
    file: MIGRATION,
    from: "ON becomes.id = was.id AND becomes.version = was.version + 1'",
    to: "ON becomes.id = was.id'",
    tests: LOG,
  },
  {
    name: "members read the log of every tenant",
    file: MIGRATION,
    from: "FOR SELECT TO fieldgate_member\n                  USING (tenant_id = (SELECT fieldgate.current_tenant()))'",
    to: "FOR SELECT TO fieldgate_member\n                  USING (true)'",
    tests: LOG,
  },
  {
    name: "the log takes 1.5 and 1.50 for one",
    file: MIGRATION,
    from: "s.type IN ('DECIMAL', 'JSON') THEN '::text'",
    to: "s.type IN ('JSON') THEN '::text'",
    tests: LOG,
  },
  {
    name: "the log takes a link that is removed for one that is made",
    file: MIGRATION,
    from: "CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END",
    to: "1",
    tests: REPLAYED,
  },
  {
    name: "the log forgets cells beyond the native columns",
    file: MIGRATION,
    from: "WHERE (these -> k.slot)::text IS DISTINCT FROM (others -> k.slot)::text",
    to: "WHERE (these -> k.slot) IS NULL",
    tests: REPLAYED,
  },
];
