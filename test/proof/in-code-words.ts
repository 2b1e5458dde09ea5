import type { KnownDataset } from "../../src/access/known-dataset.ts";
import { grantFilter, type RowFilterInput } from "../../src/access/row-filter.ts";
import { valuesFor } from "../../src/access/variables.ts";
import { accessPlan, boundPlan, type Guarded } from "../../src/authz/access-plan.ts";
import type { Grant } from "../../src/authz/branch.ts";
import type { RowInHand } from "../../src/authz/evaluate.ts";
import type { Operand } from "../../src/authz/predicate.ts";
import type { Principal } from "../../src/authz/principal.ts";
import { restrictionOf } from "../../src/authz/restriction.ts";
import type { Rights } from "../../src/authz/rights.ts";
import { parseOperand } from "../../src/cell/parse-operand.ts";
import {
  type ColumnDefinition,
  type DatasetDefinition,
  fieldsOf,
  PLAIN_COLUMN,
} from "../../src/db/dataset-definition.ts";
import type { Action, Caller, Cell, Dataset, Role, Row, Scene, World } from "../reference/model.ts";
import { rolesOf } from "../reference/rights.ts";
import { variablesOf } from "../reference/variables.ts";

/** What the code decides about a scene of the reference, as if its roles and grants were stored. */
export function decidedIn(scene: Scene, definition: DatasetDefinition): KnownDataset {
  const { world } = scene;
  const { rights, guarded } = unboundIn(scene, definition);
  const plan = boundPlan(
    accessPlan(rights, guarded),
    valuesFor(definition, rights.variables, new Date(world.now)),
  );
  return { definition: { ...definition, accessLevel: scene.dataset.accessLevel }, rights, plan };
}

/** What the code decides from. */
export function unboundIn(scene: Scene, definition: DatasetDefinition) {
  const restriction = restrictionIn(scene, definition);
  const rights = {
    ...rightsIn(scene.world, scene.caller),
    ...(restriction && { restriction }),
  };
  return { rights, guarded: guardedIn(scene, definition) };
}

/** What a token is restricted to, as if it were stored: in the dataset of the scene, and which others it reaches. */
function restrictionIn({ caller, dataset }: Scene, definition: DatasetDefinition) {
  const { restriction = null } = caller.token ?? {};
  if (!restriction) return null;
  const idOf = (name: string) => (name === dataset.name ? definition.id : `of ${name}`);
  const columns = columnsByName(definition);
  const kept = restriction.conditions
    .filter((condition) => condition.dataset === dataset.name)
    .map(({ column: name, op, value, set, setValue }) => {
      const column = columns.get(name);
      if (!column) throw new Error(`There is no column ${name}.`);
      const operand = canonical(column.type, value);
      const given = set ? canonical(column.type, setValue) : null;
      return { datasetId: definition.id, columnId: column.id, by: op, operand, set: given };
    });
  return restrictionOf(kept, restriction.datasets.map(idOf));
}

function rightsIn(world: World, caller: Caller): Rights {
  const variables = Object.entries(variablesOf(world, caller)).map(
    ([name, value]) =>
      [name.slice(1), typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  return {
    principal: {
      kind: kindOf(caller),
      tenantId: "",
      id: null,
      name: caller.name,
    },
    roles: rolesOf(world, caller).map(({ name, builtIn, permissions, defaults }) => ({
      id: name,
      name,
      builtIn,
      permissions: new Set(permissions),
      defaults: new Set(defaults),
    })),
    variables: new Map(variables),
    readOnly: caller.isPublic || caller.isPublishable,
  };
}

function kindOf({ isPublic, user, token }: Caller): Principal["kind"] {
  if (isPublic) return "ANONYMOUS";
  if (token) return "ACCESS_TOKEN";
  return user ? "SESSION" : "KEY";
}

function guardedIn({ world, caller, dataset }: Scene, definition: DatasetDefinition): Guarded {
  return {
    datasetId: definition.id,
    accessLevel: dataset.accessLevel,
    fieldIds: fieldsOf(definition).map(({ id }) => id),
    grants: rolesOf(world, caller).flatMap((role) => grantsIn(role, dataset.name, definition)),
  };
}

function grantsIn({ name, grants }: Role, dataset: string, definition: DatasetDefinition): Grant[] {
  const columns = columnsByName(definition);
  const fields = fieldIdsByName(definition);
  return grants
    .filter((grant) => grant.dataset === dataset)
    .map(({ place, settings, rowFilters }) => ({
      roleId: name,
      fieldId: place === null ? null : (fields.get(place) ?? ""),
      settings,
      rowFilters: Object.fromEntries(
        Object.entries(rowFilters).map(([action, filter]) => [
          action as Action,
          grantFilter(filter as RowFilterInput, columns),
        ]),
      ),
    }));
}

/** The columns of a dataset by their names. */
export function columnsByName({ columns }: DatasetDefinition): Map<string, ColumnDefinition> {
  return new Map(columns.map((column) => [column.name, column]));
}

/** The ids of the columns and links of a dataset by their names. */
export function fieldIdsByName(definition: DatasetDefinition): Map<string, string> {
  return new Map(fieldsOf(definition).map(({ name, id }) => [name, id]));
}

/** The definition of a dataset of the reference as it could be stored, with names for ids. */
export function definitionOf({ name, accessLevel, columns, links }: Dataset): DatasetDefinition {
  return {
    id: name,
    tenantId: "",
    name,
    label: name,
    description: "",
    accessLevel,
    auditReads: false,
    version: 1,
    rowTag: 1,
    nextSlot: columns.length + 1,
    createdAt: new Date(0),
    createdBy: "",
    updatedAt: new Date(0),
    updatedBy: "",
    grants: [],
    links: links.map((link) => ({
      id: link.name,
      name: link.name,
      label: link.name,
      description: "",
      targetId: link.target,
      many: link.isMany,
    })),
    columns: columns.map((column, place) => ({
      ...PLAIN_COLUMN,
      options: null,
      id: column.name,
      name: column.name,
      label: column.name,
      type: column.type,
      whenDenied: column.whenDenied,
      slot: place + 1,
      position: place + 1,
    })),
  };
}

/** A row of the reference as the code holds it: canonical cells by column. Of JSON whether there is one. */
export function inHand({ cells }: Pick<Row, "cells">, definition: DatasetDefinition): RowInHand {
  return new Map(
    definition.columns.map(({ id, name, type }) => {
      const cell = canonical(type, cells[name] ?? null);
      return [id, type === "JSON" && cell !== null ? true : (cell as Operand | null)];
    }),
  );
}

/** A cell as the API takes it, in canonical form. */
export function canonical(type: ColumnDefinition["type"], cell: Cell) {
  const parsed = parseOperand(type, cell);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
}
