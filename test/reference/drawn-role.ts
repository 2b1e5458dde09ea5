import fc from "fast-check";
import { aRowFilter } from "./drawn-filter.ts";
import {
  type Action,
  type Dataset,
  EVERY_ACTION,
  type Filter,
  type Grant,
  type Role,
} from "./model.ts";
import { normalForm } from "./normal-form.ts";
import { placesOf } from "./rights.ts";

/** What is drawn of a role besides its grants. */
export interface RoleDrawing {
  readonly name: string;
  readonly builtIn: Role["builtIn"];
  readonly permissions: readonly string[];
  /** The actions that its defaults and grants speak of. */
  readonly actions: readonly Action[];
  /** The variables that its row filters may name. */
  readonly variables: readonly string[];
  /** A filter for each dataset that roles share, or are the opposite of. */
  readonly shared: Readonly<Record<string, Filter>>;
}

/** A role with grants on some of the datasets. */
export function aRole(
  datasets: readonly Dataset[],
  { actions, variables, shared, ...role }: RoleDrawing,
): fc.Arbitrary<Role> {
  return fc.record({
    name: fc.constant(role.name),
    builtIn: fc.constant(role.builtIn),
    permissions: fc.constant(role.permissions),
    defaults: fc.subarray([...actions]),
    grants: fc
      .tuple(...datasets.map((dataset) => grantsOn(dataset, { actions, variables, shared })))
      .map((drawn) => drawn.flat()),
  });
}

type GrantDrawing = Pick<RoleDrawing, "actions" | "variables" | "shared">;

/** The filter that every row passes, in normal form. */
const EVERY_ROW = "and()";

/** One grant at most for each place; one that says nothing is none. */
function grantsOn(dataset: Dataset, drawing: GrantDrawing): fc.Arbitrary<Grant[]> {
  const places = [null, ...placesOf(dataset)];
  return fc
    .tuple(...places.map((place) => aGrant(dataset, place, drawing)))
    .map((grants) =>
      grants.filter(
        ({ settings, rowFilters }) =>
          Object.keys(settings).length > 0 ||
          Object.values(rowFilters).some((filter) => normalForm(filter, dataset) !== EVERY_ROW),
      ),
    );
}

function aGrant(
  dataset: Dataset,
  place: string | null,
  { actions, variables, shared }: GrantDrawing,
): fc.Arbitrary<Grant> {
  const said = actions.filter((action) => place === null || action !== "DELETE");
  const setting = fc.constantFrom(undefined, undefined, "ALLOW" as const, "WITHHOLD" as const);
  const own = aRowFilter(dataset, variables);
  const common: Filter = shared[dataset.name] ?? { and: [] };
  const some = fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 4, arbitrary: own },
    { weight: 2, arbitrary: fc.constantFrom(common, { not: common }) },
  );
  const onlyDataset = place === null ? actions : [];
  return fc.record({
    dataset: fc.constant(dataset.name),
    place: fc.constant(place),
    settings: forEach(said, setting),
    rowFilters: forEach(onlyDataset, some),
  });
}

/** Something drawn for each of the actions; what is undefined is left out. */
function forEach<Value>(
  actions: readonly Action[],
  value: fc.Arbitrary<Value | undefined>,
): fc.Arbitrary<Partial<Record<Action, Value>>> {
  return fc.tuple(...EVERY_ACTION.map(() => value)).map((drawn) => {
    const found: Partial<Record<Action, Value>> = {};
    for (const [index, action] of EVERY_ACTION.entries()) {
      const said = drawn[index];
      if (actions.includes(action) && said !== undefined) found[action] = said;
    }
    return found;
  });
}
