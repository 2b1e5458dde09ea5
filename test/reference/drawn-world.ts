import fc from "fast-check";
import { aDataset, linked } from "./drawn-dataset.ts";
import { aFilter, VARIABLES } from "./drawn-filter.ts";
import { aRole, type RoleDrawing } from "./drawn-role.ts";
import { minting, someTokens } from "./drawn-token.ts";
import { ATTRIBUTES, peopled, someUsers } from "./drawn-user.ts";
import {
  type Caller,
  type Dataset,
  EVERY_ACTION,
  type Filter,
  type Role,
  type World,
} from "./model.ts";

/** Every method that is called of drawn worlds; what is at stake in them are data rights. */
export const METHODS: readonly string[] = [
  "dataset::get",
  "row::export",
  "dataset::find",
  "row::get",
  "row::create",
  "row::import",
  "row::update",
  "row::upsert",
  "row::delete",
];

/** The instant at which drawn worlds are asked: their date-times are long before it, or long after. */
export const NOW = "2030-01-01T00:00:00.000Z";

/** What is drawn of a world besides the plain. */
export interface WorldDrawing {
  /** Whether datasets lead to each other. */
  readonly hasLinks: boolean;
  /** The variables that row filters may name. */
  readonly variables: readonly string[];
  /** How many keys there are at most. */
  readonly keys: number;
  /** How many users there are at most. */
  readonly users: number;
  /** How many access tokens there are. */
  readonly tokens: number;
}

const WHOLE: WorldDrawing = { hasLinks: true, variables: VARIABLES, keys: 3, users: 2, tokens: 2 };

/** A world with 1 to 3 datasets, 1 to 4 roles besides the built-in ones, and callers with some of them. */
export function aWorld(drawing: Partial<WorldDrawing> = {}): fc.Arbitrary<World> {
  const { hasLinks, variables, keys, users, tokens } = { ...WHOLE, ...drawing };
  return fc
    .integer({ min: 1, max: 3 })
    .chain((count) => fc.tuple(...NAMES.slice(0, count).map((name) => aDataset(name))))
    .chain((datasets) => (hasLinks ? linked(datasets) : fc.constant(datasets)))
    .chain((datasets) => peopled(datasets, users))
    .chain((datasets) => fc.tuple(fc.constant(datasets), oneFilterEach(datasets)))
    .chain(([datasets, shared]) =>
      fc.tuple(
        fc.constant(datasets),
        someRoles(datasets, { variables, shared }),
        ofEveryUser(datasets, { variables, shared }),
        anonymous(datasets, { variables: ["$now"], shared }),
      ),
    )
    .chain(([datasets, roles, ofUsers, forPublic]) =>
      fc.record({
        now: fc.constant(NOW),
        attributes: fc.constant(ATTRIBUTES),
        issuerMayAdministrate: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 0),
        datasets: fc.constant(datasets),
        roles: fc.constant([...roles, ...BESIDES, ofUsers, forPublic]),
        callers: fc
          .tuple(
            someKeys(roles, keys),
            someUsers(roles, users),
            someTokens(datasets, roles, tokens),
          )
          .map((callers) => [...callers.flat(), PUBLIC]),
      }),
    );
}

const NAMES = ["films", "people", "places"];

const ADMINISTRATOR: Role = {
  name: "administrator",
  builtIn: "ADMINISTRATOR",
  permissions: [],
  defaults: [],
  grants: [],
};

/** A key holds a role at least; this one gives the methods and no data. */
const NOTHING: Role = {
  name: "nothing",
  builtIn: null,
  permissions: METHODS,
  defaults: [],
  grants: [],
};

/** The roles that no world is without, besides those of every user and of the public. */
const BESIDES: readonly Role[] = [ADMINISTRATOR, NOTHING, minting(METHODS)];

const PUBLIC: Caller = {
  name: "public",
  isPublic: true,
  isPublishable: false,
  roles: ["anonymous"],
  variables: {},
};

function oneFilterEach(datasets: readonly Dataset[]): fc.Arbitrary<Record<string, Filter>> {
  return fc
    .tuple(...datasets.map((dataset) => aFilter(dataset, { depth: 0, variables: [] })))
    .map((filters) =>
      Object.fromEntries(filters.map((filter, index) => [datasets[index]?.name ?? "", filter])),
    );
}

type Filters = Pick<RoleDrawing, "variables" | "shared">;

function someRoles(datasets: readonly Dataset[], filters: Filters): fc.Arbitrary<Role[]> {
  const drawing = { builtIn: null, permissions: METHODS, actions: EVERY_ACTION, ...filters };
  const names = ["role_one", "role_two", "role_three", "role_four"];
  return fc
    .integer({ min: 1, max: names.length })
    .chain((count) =>
      fc.tuple(...names.slice(0, count).map((name) => aRole(datasets, { ...drawing, name }))),
    );
}

/** What every user has besides its own roles. */
function ofEveryUser(datasets: readonly Dataset[], filters: Filters): fc.Arbitrary<Role> {
  return aRole(datasets, {
    name: "authenticated",
    builtIn: "AUTHENTICATED",
    permissions: METHODS,
    actions: EVERY_ACTION,
    ...filters,
  });
}

/** The public is given READ at most. */
function anonymous(datasets: readonly Dataset[], filters: Filters): fc.Arbitrary<Role> {
  return aRole(datasets, {
    name: "anonymous",
    builtIn: "ANONYMOUS",
    permissions: ["dataset::get", "dataset::find", "row::get", "row::export"],
    actions: ["READ"],
    ...filters,
  });
}

/** Keys with some of the roles each; now and then one that is publishable, or the administrator's. */
function someKeys(roles: readonly Role[], count: number): fc.Arbitrary<Caller[]> {
  const key = fc.record({
    held: fc.subarray(roles.map(({ name }) => name)),
    isAdministrator: fc.integer({ min: 0, max: 11 }).map((drawn) => drawn === 0),
    isPublishable: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
  });
  return fc.array(key, { minLength: Math.min(2, count), maxLength: count }).map((keys) =>
    keys.map(({ held, isAdministrator, isPublishable }, index) => ({
      name: `key ${index + 1}`,
      isPublic: false,
      isPublishable,
      roles: [...held, "nothing", ...(isAdministrator ? ["administrator"] : [])],
      variables: {},
    })),
  );
}
