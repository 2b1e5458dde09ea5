/**
 * Measures the decision about one large dataset: 200 columns, 100 roles in effect with 1,000 overrides and
 * 20 distinct row filters of 5 operands. Prints how long its plan takes to compile, and how long the SQL of
 * its readable view is. Ends with 1 when a limit is missed. Asks no database.
 */
import process from "node:process";
import { accessPlan, boundPlan, type Guarded } from "../../src/authz/access-plan.ts";
import type { Grant, Setting } from "../../src/authz/branch.ts";
import { normalForm } from "../../src/authz/normal-form.ts";
import type { RowFilter } from "../../src/authz/predicate.ts";
import type { Rights } from "../../src/authz/rights.ts";
import type { Role } from "../../src/authz/role.ts";
import type { ColumnType } from "../../src/cell/column-type.ts";
import type { DatasetDefinition } from "../../src/db/dataset-definition.ts";
import { readableView } from "../../src/db/readable-view.ts";

const COLUMNS = 200;
const ROLES = 100;
const OVERRIDES = 1_000;
const FILTERS = 20;
const OPERANDS = 5;

const MOST_MS = 5;
const MOST_BYTES = 64 * 1_024;
const RUNS = 500;

const TYPES: readonly ColumnType[] = ["TEXT", "SELECT"];

function uuid(number: number): string {
  return `01930000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

function filterOf(place: number): RowFilter {
  const operands = Array.from({ length: OPERANDS }, (_, operand) => ({
    kind: "compare" as const,
    columnId: uuid((place * 7 + operand * 31) % COLUMNS),
    by: "eq" as const,
    operand: `value ${place} ${operand}`,
  }));
  return normalForm({ kind: "all", of: operands });
}

const fieldIds = Array.from({ length: COLUMNS }, (_, place) => uuid(place));
const filters = Array.from({ length: FILTERS }, (_, place) => filterOf(place));

const roles = Array.from({ length: ROLES }, (_, place): Role => ({
  id: uuid(1_000 + place),
  name: `role_${place}`,
  builtIn: null,
  permissions: new Set(),
  defaults: new Set(),
}));

/** Each role has a filter, and gives columns of its own in its rows: no two columns are alike. */
const grants = roles.flatMap(({ id: roleId }, place): Grant[] => {
  const filter = filters[place % FILTERS] ?? filterOf(0);
  const rowFilters = { READ: filter, CREATE: filter, UPDATE: filter, DELETE: filter };
  const onColumns = Array.from({ length: OVERRIDES / ROLES - 1 }, (_, turn): Grant => {
    const said: Setting = (place + turn) % 5 === 0 ? "WITHHOLD" : "ALLOW";
    return {
      roleId,
      fieldId: uuid((place * 17 + turn * 23) % COLUMNS),
      settings: { READ: said, CREATE: said, UPDATE: said },
      rowFilters: {},
    };
  });
  const settings = place % 4 === 0 ? ({ READ: "ALLOW", DELETE: "ALLOW" } as const) : {};
  return [{ roleId, fieldId: null, settings, rowFilters }, ...onColumns];
});

const rights: Rights = {
  principal: { kind: "KEY", tenantId: uuid(1), id: "", name: "" },
  roles,
  variables: new Map(),
  readOnly: false,
};
const guarded: Guarded = { accessLevel: "PRIVATE", fieldIds, grants };

const definition = {
  id: uuid(2),
  tenantId: uuid(1),
  columns: fieldIds.map((id, place) => ({
    id,
    name: `column_${place}`,
    slot: place + 1,
    type: TYPES[place % TYPES.length] ?? "TEXT",
  })),
} as unknown as DatasetDefinition;

const times: number[] = [];
let plan = boundPlan(accessPlan(rights, guarded), () => null);
for (let run = 0; run < RUNS; run += 1) {
  const began = performance.now();
  plan = boundPlan(accessPlan(rights, guarded), () => null);
  times.push(performance.now() - began);
}
const sorted = times.toSorted((one, other) => one - other);
const median = sorted[Math.floor(RUNS / 2)] ?? 0;
const { text, values } = readableView({ definition, plan });
const bytes = Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(values));

console.log(
  `${grants.length} overrides of ${ROLES} roles, ${FILTERS} filters of ${OPERANDS} operands, ${COLUMNS} columns: ` +
    `compiled in ${median.toFixed(2)} ms (median of ${RUNS}; at most ${MOST_MS}), ` +
    `SQL of ${(bytes / 1_024).toFixed(1)} kB (at most ${MOST_BYTES / 1_024}), ` +
    `${plan.READ.length} branches of READ.`,
);
if (median > MOST_MS || bytes > MOST_BYTES) process.exitCode = 1;
