import fc from "fast-check";
import type { NewRow } from "./create-row.ts";
import { someCells } from "./drawn-dataset.ts";
import { aFilter } from "./drawn-filter.ts";
import type { Aggregation } from "./group-rows.ts";
import type { Listing, OrderKey } from "./list-rows.ts";
import type { Column, ColumnType, Dataset, World } from "./model.ts";
import { placesOf } from "./rights.ts";
import type { RowChange } from "./update-row.ts";
import type { Sets } from "./write.ts";

/** Something to ask for a list of rows with. JSON columns have no order. */
export function aListing(dataset: Dataset): fc.Arbitrary<Listing> {
  const ordered = dataset.columns.filter(({ type }) => type !== "JSON");
  return fc.record(
    {
      filter: aFilter(dataset, { depth: 3, variables: null }),
      orderBy: fc.subarray(ordered).chain((some) => fc.tuple(...some.map(anOrderKey))),
    },
    { requiredKeys: [] },
  );
}

function anOrderKey({ name }: Column): fc.Arbitrary<OrderKey> {
  return fc.record(
    {
      column: fc.constant(name),
      direction: fc.constantFrom("ASC", "DESC"),
      nulls: fc.constantFrom("FIRST", "LAST"),
    },
    { requiredKeys: ["column", "direction"] },
  );
}

/** Something to ask for groups of rows with; now and then of a column whose type does not fit. */
export function anAggregation(dataset: Dataset): fc.Arbitrary<Aggregation> {
  const names = (types: readonly ColumnType[] | null) =>
    dataset.columns.filter(({ type }) => !types || types.includes(type)).map(({ name }) => name);
  const mostly = (types: readonly ColumnType[]) =>
    fc.oneof(
      { weight: 19, arbitrary: fc.shuffledSubarray(names(types)) },
      { weight: 1, arbitrary: fc.shuffledSubarray(names(null)) },
    );
  return fc.record({
    filter: fc.oneof(fc.constant({ and: [] }), aFilter(dataset, { depth: 2, variables: null })),
    groupBy: mostly(["TEXT", "INTEGER", "DECIMAL", "BOOLEAN", "DATE", "DATETIME", "SELECT"]),
    sum: mostly(["INTEGER", "DECIMAL"]),
    avg: mostly(["INTEGER", "DECIMAL"]),
    min: mostly(["TEXT", "INTEGER", "DECIMAL", "DATE", "DATETIME", "SELECT"]),
    max: mostly(["TEXT", "INTEGER", "DECIMAL", "DATE", "DATETIME", "SELECT"]),
  });
}

/** A row to make, with some of its columns and links set. */
export function aNewRow(world: World, dataset: Dataset, id: string): fc.Arbitrary<NewRow> {
  return someSets(world, dataset, 0).map((sets) => ({ id, ...sets }));
}

/** A change of one of the rows, of one of its cells or links at least. */
export function aRowChange(world: World, dataset: Dataset): fc.Arbitrary<RowChange> {
  return fc
    .record({
      id: fc.constantFrom(...dataset.rows.map((row) => row.id)),
      sets: someSets(world, dataset, 1),
    })
    .map(({ id, sets }) => ({ id, ...sets }));
}

/** Now and then a required column is set to no value. */
function someSets(world: World, dataset: Dataset, minLength: number): fc.Arbitrary<Sets> {
  const names = placesOf(dataset);
  const some = fc.subarray(names, { minLength });
  const onlyLinks = fc.constant(dataset.links.map(({ name }) => name));
  const drawn = dataset.links.length > 0 ? fc.oneof(some, some, onlyLinks) : some;
  return drawn.chain((named) =>
    fc.record({
      cells: fc.oneof(
        { weight: 9, arbitrary: someCells(chosen(dataset, named)) },
        { weight: 1, arbitrary: someCells(chosen(dataset, named).map(optional)) },
      ),
      links: someTargets(world, dataset, named),
    }),
  );
}

function chosen({ columns }: Dataset, names: readonly string[]): Column[] {
  return columns.filter(({ name }) => names.includes(name));
}

function optional(column: Column): Column {
  return { ...column, isRequired: false };
}

/** Now and then a link is set to a row that there is not. */
function someTargets(
  world: World,
  { links }: Dataset,
  names: readonly string[],
): fc.Arbitrary<Sets["links"]> {
  const named = links.filter(({ name }) => names.includes(name));
  const targets = named.map(({ target, isMany }) => {
    const rows = world.datasets.find(({ name }) => name === target)?.rows ?? [];
    const ids = rows.map(({ id }) => id);
    // The first row may be gone by now.
    const others = [...new Set([...ids, `${target} 1`, "nowhere"])];
    const some = (of: string[]) =>
      fc.subarray(of, { maxLength: isMany ? of.length : Math.min(1, of.length) });
    return fc.oneof({ weight: 9, arbitrary: some(ids) }, { weight: 1, arbitrary: some(others) });
  });
  return fc
    .tuple(...targets)
    .map((ids) => Object.fromEntries(named.map(({ name }, index) => [name, ids[index] ?? []])));
}
