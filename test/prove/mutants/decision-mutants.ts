import type { Mutant } from "./mutant.ts";

const PLAN = ["test/authz/access-plan.test.ts"];
const ROW_RIGHTS = ["test/domain/row/row-rights.test.ts"];
const DELEGATION = [
  "test/authz/delegation.test.ts",
  "test/domain/role/row-filter-delegation.test.ts",
];

/** Sabotages of `authz/`: the decision itself. */
export const DECISION_MUTANTS: readonly Mutant[] = [
  {
    name: "a filter whose variable has no value lets every row through",
    file: "src/authz/predicate.ts",
    from: "boundOrNull(filter, valueOf) ?? NO_ROW",
    to: "boundOrNull(filter, valueOf) ?? EVERY_ROW",
    tests: ROW_RIGHTS,
  },
  {
    name: "row filters are skipped",
    file: "src/authz/branch.ts",
    from: "rows: onDataset?.rowFilters[action] ?? EVERY_ROW",
    to: "rows: EVERY_ROW",
    tests: ROW_RIGHTS,
  },
  {
    name: "the filter of READ stands for those of all actions",
    file: "src/authz/branch.ts",
    from: "rows: onDataset?.rowFilters[action] ?? EVERY_ROW",
    to: "rows: onDataset?.rowFilters.READ ?? EVERY_ROW",
    tests: ROW_RIGHTS,
  },
  {
    name: "what two roles give in different rows is multiplied",
    file: "src/authz/branch.ts",
    from: "const key = `${dataset} ${text}`;",
    to: "const key = `${dataset}`;",
    tests: ROW_RIGHTS,
  },
  {
    name: "CREATE on the dataset and on the column come from different roles",
    file: "src/authz/branch.ts",
    from: "const key = `${dataset} ${text}`;",
    to: "const key = text;",
    tests: PLAN,
  },
  {
    name: "a column's WITHHOLD is ignored",
    file: "src/authz/branch.ts",
    from: 'const changed = dataset ? "WITHHOLD" : "ALLOW";',
    to: 'const changed = "ALLOW";',
    tests: PLAN,
  },
  {
    name: "a role's default beats its grant",
    file: "src/authz/branch.ts",
    from: 'const dataset = (onDataset?.settings[action] ?? byDefault) === "ALLOW";',
    to: 'const dataset = byDefault === "ALLOW" || onDataset?.settings[action] === "ALLOW";',
    tests: PLAN,
  },
  {
    name: "everybody reads everything, as the public does what is OPEN",
    file: "src/authz/branch.ts",
    from: 'return principal.kind === "ANONYMOUS" && action === "READ";',
    to: 'return principal.name !== "nobody" && action === "READ";',
    tests: PLAN,
  },
  {
    name: "a publishable key writes",
    file: "src/authz/access-plan.ts",
    from: 'if (readOnly && action !== "READ") return "READ_ONLY";',
    to: "",
    tests: PLAN,
  },
  {
    name: "ONLY_VIZ is as good as OPEN",
    file: "src/authz/access-plan.ts",
    from: 'principal.kind !== "ANONYMOUS" || accessLevel === "OPEN"',
    to: 'principal.kind !== "ANONYMOUS" || accessLevel !== "PRIVATE"',
    tests: PLAN,
  },
  {
    name: "to read a column in some rows is to read it in all",
    file: "src/authz/access-plan.ts",
    from: 'return rowsOf(plan, "READ", columnId).some(isEveryRow);',
    to: 'return rowsOf(plan, "READ", columnId).length > 0;',
    tests: ["test/domain/row/row-rights.test.ts", "test/app/security/unique-columns.test.ts"],
  },
  {
    name: "a filter that has a condition of another is a part of it",
    file: "src/authz/normal-form.ts",
    from: "[...other].every((text) => own.has(text)),",
    to: "[...other].some((text) => own.has(text)),",
    tests: ["test/authz/predicate.test.ts"],
  },
  {
    name: "a dataset is known to readers alone",
    file: "src/authz/access-plan.ts",
    from: "return ACTIONS.some((action) => gives(plan, action));",
    to: 'return gives(plan, "READ");',
    tests: PLAN,
  },
  {
    name: "under not, unknown is a match",
    file: "src/authz/evaluate.ts",
    from: "return truth === null ? null : !truth;",
    to: "return truth === null ? true : !truth;",
    tests: ["test/authz/evaluate.test.ts"],
  },
  {
    name: "in a conjunction, unknown is true",
    file: "src/authz/evaluate.ts",
    from: "return parts.includes(null) ? null : true;",
    to: "return true;",
    tests: ["test/authz/evaluate.test.ts"],
  },
  {
    name: "a filter is held by whoever holds any other",
    file: "src/authz/normal-form.ts",
    from: "if (!own.every((text) => parts.has(text))) return null;",
    to: "",
    tests: DELEGATION,
  },
  {
    name: "a filter may ask what its maker may not read",
    file: "src/authz/delegation.ts",
    from: "if (unread.includes(null)) return null;",
    to: "if (unread.length > 0) return null;",
    tests: DELEGATION,
  },
  {
    name: "permissions are handed out by who does not hold them",
    file: "src/authz/delegation.ts",
    from: "permits(after, name) && !permits(before, name) && !permits(held, name)",
    to: "permits(after, name) && !permits(before, name) && permits(held, name)",
    tests: DELEGATION,
  },
  {
    name: "administrator is handed out by anybody",
    file: "src/authz/delegation.ts",
    from: "isAdministrator(after) && !isAsMuch(before) && !isAsMuch(held)",
    to: "false",
    tests: ["test/domain/role/delegation.test.ts"],
  },
  {
    name: "a publishable key calls every method",
    file: "src/authz/rights.ts",
    from: "if (readOnly && !looks(permission)) return false;",
    to: "",
    tests: ["test/authz/rights.test.ts"],
  },
  {
    name: "narrowing to a role that one lacks leaves the others",
    file: "src/authz/rights.ts",
    from: "return kept.every((role) => role !== undefined) ? [...new Set(kept)] : [];",
    to: "return [...new Set(kept.filter((role) => role !== undefined))];",
    tests: ["test/authz/rights.test.ts"],
  },
];
