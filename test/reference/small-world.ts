import type {
  Action,
  Cell,
  Column,
  Dataset,
  Filter,
  Grant,
  Role,
  Setting,
  World,
} from "./model.ts";

/** One way in which a role can stand to one action in the small world. */
export interface Policy {
  readonly isDefault: boolean;
  readonly onDataset: Setting | undefined;
  readonly onColumns: readonly [Setting | undefined, Setting | undefined];
  readonly rowFilter: Filter | undefined;
}

const SETTINGS: readonly (Setting | undefined)[] = [undefined, "ALLOW", "WITHHOLD"];

/** No filter, only the first row, only the second, and none, since a key has no value for the variable. */
const ROW_FILTERS: readonly (Filter | undefined)[] = [
  undefined,
  { column: "name", eq: "one" },
  { not: { column: "size", lt: 2 } },
  { or: [{ column: "name", isNull: false }, { not: { column: "name", eq: "$user.id" } }] },
];

/** Every policy: 2 defaults × 3 dataset grants × 3 × 3 column grants × 4 row filters. */
export const POLICIES: readonly Policy[] = [false, true].flatMap((isDefault) =>
  SETTINGS.flatMap((onDataset) =>
    SETTINGS.flatMap((first) =>
      SETTINGS.flatMap((second) =>
        ROW_FILTERS.map((rowFilter): Policy => ({
          isDefault,
          onDataset,
          onColumns: [first, second],
          rowFilter,
        })),
      ),
    ),
  ),
);

/** Every set of at most two roles, as their policies: 1 + 216 + 216 × 217 / 2 of them. */
export function* everySet(): Generator<readonly Policy[]> {
  yield [];
  for (const policy of POLICIES) yield [policy];
  for (const [index, one] of POLICIES.entries()) {
    for (const other of POLICIES.slice(index)) yield [one, other];
  }
}

function column(name: string, type: Column["type"]): Column {
  return { name, type, whenDenied: "ABSENT", default: null, isRequired: false, options: [] };
}

/** The dataset of the small world: two columns, two rows. */
export const SMALL: Dataset = {
  name: "small",
  accessLevel: "PRIVATE",
  columns: [column("name", "TEXT"), column("size", "INTEGER")],
  links: [],
  rows: [
    { id: "row 1", cells: { name: "one", size: 1 }, links: {} },
    { id: "row 2", cells: { name: "two", size: 2 }, links: {} },
  ],
};

const NAMES: readonly Cell[] = ["one", "two"];
const SIZES: readonly Cell[] = [1, 2];

/** Everything that a call can set in a row of the small world, nothing included. */
export const SMALL_SETS: readonly Readonly<Record<string, Cell>>[] = [
  {},
  ...NAMES.map((name) => ({ name })),
  ...SIZES.map((size) => ({ size })),
  ...NAMES.flatMap((name) => SIZES.map((size) => ({ name, size }))),
];

/** The small world with one caller whose roles have these policies for one action. */
export function smallWorld(action: Action, policies: readonly Policy[]): World {
  const roles = policies.map((policy, index) => roleOf(policy, { action, index }));
  return {
    now: "2030-01-01T00:00:00.000Z",
    datasets: [SMALL],
    roles: [...roles, looker(action)],
    callers: [
      {
        name: "key",
        isPublic: false,
        isPublishable: false,
        roles: [...roles.map(({ name }) => name), "looker"],
        variables: {},
      },
    ],
  };
}

/** It may call everything, and where READ is not what is at stake, it sees everything. */
function looker(action: Action): Role {
  return {
    name: "looker",
    builtIn: null,
    permissions: ["dataset::get", "dataset::find", "row::create", "row::update", "row::delete"],
    defaults: action === "READ" ? [] : ["READ"],
    grants: [],
  };
}

function roleOf(
  { isDefault, onDataset, onColumns, rowFilter }: Policy,
  { action, index }: { action: Action; index: number },
): Role {
  const grant = (place: string | null, setting: Setting | undefined): Grant => ({
    dataset: SMALL.name,
    place,
    settings: setting ? { [action]: setting } : {},
    rowFilters: place === null && rowFilter ? { [action]: rowFilter } : {},
  });
  return {
    name: `role_${index + 1}`,
    builtIn: null,
    permissions: [],
    defaults: isDefault ? [action] : [],
    grants: [grant(null, onDataset), grant("name", onColumns[0]), grant("size", onColumns[1])],
  };
}
