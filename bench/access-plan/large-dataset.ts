/**
 * One large dataset: 200 columns, 100 roles in effect with 1,000 overrides and 20 distinct row filters of 5
 * operands.
 *
 * @module
 */

import type { Guarded } from "../../src/authz/access-plan.ts";
import type { Grant, Setting } from "../../src/authz/branch.ts";
import { normalForm } from "../../src/authz/normal-form.ts";
import type { RowFilter } from "../../src/authz/predicate.ts";
import type { Rights } from "../../src/authz/rights.ts";
import type { Role } from "../../src/authz/role.ts";
import type { ColumnType } from "../../src/cell/column-type.ts";
import {
  type ColumnDefinition,
  type DatasetDefinition,
  PLAIN_COLUMN,
} from "../../src/db/dataset-definition.ts";

const COLUMNS = 200;
const ROLES = 100;
const OVERRIDES = 1_000;
const FILTERS = 20;
const OPERANDS = 5;

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

/** A key with all of the roles. */
export const rights: Rights = {
  principal: { kind: "KEY", tenantId: uuid(1), id: "", name: "" },
  roles,
  variables: new Map(),
  readOnly: false,
};
/** The columns, and what the roles' grants say of them. */
export const guarded: Guarded = {
  datasetId: uuid(2),
  accessLevel: "PRIVATE",
  fieldIds,
  grants,
};

const RULES = { ...PLAIN_COLUMN, label: "", options: null } as const;

/** The dataset as it would be stored. */
export const definition: DatasetDefinition = {
  id: uuid(2),
  tenantId: uuid(1),
  name: "large",
  label: "",
  description: "",
  accessLevel: "PRIVATE",
  auditReads: false,
  version: 1,
  rowTag: 1,
  nextSlot: COLUMNS + 1,
  createdAt: new Date(0),
  createdBy: "",
  updatedAt: new Date(0),
  updatedBy: "",
  links: [],
  grants,
  columns: fieldIds.map((id, place): ColumnDefinition => ({
    ...RULES,
    id,
    name: `column_${place}`,
    slot: place + 1,
    position: place + 1,
    type: TYPES[place % TYPES.length] ?? "TEXT",
  })),
};

/** What it is, in words. */
export const WORDS = `${grants.length} overrides of ${ROLES} roles, ${FILTERS} filters of ${OPERANDS} operands, ${COLUMNS} columns`;
