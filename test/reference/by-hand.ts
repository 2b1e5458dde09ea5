import {
  type Action,
  type Caller,
  type Cell,
  type Column,
  type Dataset,
  EVERY_ACTION,
  type Filter,
  type Grant,
  type Link,
  type Role,
  type Scene,
  type Setting,
} from "./model.ts";

/** A column as worked examples write it: what is left out is plain. */
export function column(name: string, type: Column["type"], some: Partial<Column> = {}): Column {
  return {
    name,
    type,
    whenDenied: "ABSENT",
    default: null,
    isRequired: false,
    options: [],
    ...some,
  };
}

/** A dataset; its rows are called `1`, `2`, … after its name, and what they do not set is NULL. */
export function table(
  name: string,
  columns: readonly Column[],
  rows: readonly Readonly<Record<string, Cell>>[],
): Dataset {
  const none = Object.fromEntries(columns.map((one) => [one.name, null]));
  return {
    name,
    accessLevel: "PRIVATE",
    columns,
    links: [],
    rows: rows.map((cells, index) => ({
      id: `${name} ${index + 1}`,
      cells: { ...none, ...cells },
      links: {},
    })),
  };
}

/** The dataset with one link, and where it leads from each row. */
export function withLink(
  dataset: Dataset,
  link: Link,
  targets: readonly (readonly string[])[],
): Dataset {
  const rows = dataset.rows.map((row, index) => ({
    ...row,
    links: { [link.name]: targets[index] ?? [] },
  }));
  return { ...dataset, links: [link], rows };
}

/** What a role gives on the one dataset of an example, and of which rows. */
export interface Gives {
  readonly name?: string;
  readonly defaults?: readonly Action[];
  readonly permissions?: readonly string[];
  readonly on?: Readonly<Partial<Record<Action, Setting>>>;
  readonly where?: Readonly<Partial<Record<Action, Filter>>>;
  /** By the name of the column or link. */
  readonly places?: Readonly<Record<string, Readonly<Partial<Record<Action, Setting>>>>>;
}

/** A role that may call everything and gives this on a dataset. */
export function role(dataset: string, gives: Gives): Role {
  const { name = "role", defaults = [], on = {}, where = {}, places = {} } = gives;
  const onPlaces = Object.entries(places).map(([place, settings]): Grant => ({
    dataset,
    place,
    settings,
    rowFilters: {},
  }));
  return {
    name,
    builtIn: null,
    permissions: gives.permissions ?? [
      "dataset::get",
      "row::create",
      "row::update",
      "row::upsert",
      "row::delete",
    ],
    defaults,
    grants: [{ dataset, place: null, settings: on, rowFilters: where }, ...onPlaces],
  };
}

/** READ on everything. */
export const READS: Gives = { name: "reads", on: { READ: "ALLOW" } };

/** Every right there is on the dataset. */
export const ALL: Gives = { name: "all", defaults: EVERY_ACTION };

/** A key that holds some roles, before the first of some datasets, which is the one that they speak of. */
export function scene(
  datasets: readonly Dataset[],
  roles: readonly Gives[],
  some: Partial<Caller> = {},
): Scene {
  const [dataset] = datasets;
  if (!dataset) throw new Error("An example has a dataset.");
  const held = roles.map((gives, index) =>
    role(dataset.name, { ...gives, name: gives.name ?? `role ${index + 1}` }),
  );
  const caller: Caller = {
    name: "key",
    isPublic: false,
    isPublishable: false,
    roles: held.map(({ name }) => name),
    variables: {},
    ...some,
  };
  const world = { now: "2030-01-01T00:00:00.000Z", datasets, roles: held, callers: [caller] };
  return { world, caller, dataset };
}
