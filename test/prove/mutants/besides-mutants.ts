import type { Mutant } from "./mutant.ts";

/** Sabotages of links, events, and what is explained and said of what is denied. */
export const BESIDES_MUTANTS: readonly Mutant[] = [
  {
    name: "links count the rows that are not seen",
    file: "src/db/linked-rows.ts",
    from: "JOIN ${readableView(target)} v ON v.id = l.target_id\n      WHERE l.source_id = s.source_id) AS count",
    to: "WHERE l.source_id = s.source_id) AS count",
    tests: ["test/domain/row/linked-rows.test.ts"],
  },
  {
    name: "a row is led to another that the writer does not see",
    file: "src/domain/row/link-faults.ts",
    from: "there?.has(targetUuid(id)) ? [] : [index + 1]",
    to: "there ? [] : [index + 1]",
    tests: ["test/domain/row/link-writes.test.ts"],
  },
  {
    name: "a mutation leaves no event",
    file: "src/graphql/before-commit.ts",
    from: "= [writeEvent, holdUsed];",
    to: "= [holdUsed];",
    tests: ["test/domain/event/mutations.test.ts"],
  },
  {
    name: "rights that moved meanwhile are good enough for a mutation",
    file: "src/graphql/before-commit.ts",
    from: 'if (!isHeld) throw new MovedError("Rights were changed");',
    to: 'if (isHeld === null) throw new MovedError("Rights were changed");',
    tests: ["test/app/security/revocation.test.ts"],
  },
  {
    name: "what is denied leaves no event",
    file: "src/graphql/denials.ts",
    from: 'extensions["code"] === "FORBIDDEN"',
    to: 'extensions["code"] === "UNAUTHENTICATED"',
    tests: ["test/domain/event/denied.test.ts"],
  },
  {
    name: "an event that was altered does not show",
    file: "src/events/verify-events.ts",
    from: 'if (!isSame(next.mac, event.mac)) return { place, fault: "ALTERED", isLogged };',
    to: "",
    tests: ["test/domain/event/sealing.test.ts"],
  },
  {
    name: "whoever may look at itself has others explained",
    file: "src/domain/access/explain-queries.ts",
    from: 'authScopes: may("access::explain")',
    to: 'authScopes: may("viewer::get")',
    tests: [
      "test/domain/access/explain-leaks.test.ts",
      "test/domain/access/explain-access.test.ts",
    ],
  },
  {
    name: "an explanation counts columns that whoever asks may not know",
    file: "src/domain/access/subject-view.ts",
    from: "columns: columns.filter(isKnown)",
    to: "columns",
    tests: ["test/domain/access/explain-leaks.test.ts"],
  },
  {
    name: "an explanation counts links that whoever asks may not know",
    file: "src/domain/access/subject-view.ts",
    from: "links: links.filter(isKnown)",
    to: "links",
    tests: ["test/domain/access/explain-access.test.ts"],
  },
  {
    name: "a denied cell is no error although its column says so",
    file: "src/domain/row/row.ts",
    from: 'if (column.whenDenied === "ERROR")',
    to: 'if (column.whenDenied === "NULL" && cells === null)',
    tests: ["test/domain/role/row-filter-grants.test.ts"],
  },
];
