import fc from "fast-check";
import { aCell, anOperand } from "./drawn-cells.ts";
import type { Caller, Cell, Column, Dataset, Role } from "./model.ts";
import type { Condition, Restriction, Token } from "./token.ts";
import { truthOfFilter } from "./truth-of-filter.ts";

/** The role by which the key of a token makes it: it reads everything, as whoever sets conditions has to. */
export function minting(methods: readonly string[]): Role {
  return {
    name: "minter",
    builtIn: null,
    permissions: [...methods, "access_token::create"],
    defaults: ["READ"],
    grants: [],
  };
}

/** Access tokens that carry some of the roles each. */
export function someTokens(
  datasets: readonly Dataset[],
  roles: readonly Role[],
  count: number,
): fc.Arbitrary<Caller[]> {
  const names = roles.map(({ name }) => name);
  return fc
    .array(aToken(datasets, names), { minLength: count, maxLength: count })
    .map((tokens) => tokens.map((token, index) => ({ ...token, name: `token ${index + 1}` })));
}

/** A token: now and then one that carries whatever its key holds, or that nothing restricts besides its roles. */
export function aToken(
  datasets: readonly Dataset[],
  roles: readonly string[],
): fc.Arbitrary<Caller> {
  return fc
    .record({
      held: fc.shuffledSubarray([...roles]),
      carried: fc.integer({ min: 0, max: 4 }),
      carriesAll: fc.integer({ min: 0, max: 3 }).map((drawn) => drawn === 0),
      restriction: fc.option(aRestriction(datasets), { freq: 6, nil: null }),
      clientId: fc.constantFrom(null, "ab", "B", "é", "$now"),
    })
    .map(({ held, carried, ...token }) => tokenOf(held, carried, token));
}

function tokenOf(held: readonly string[], carried: number, token: Omit<Token, "ofKey">): Caller {
  const ofKey = [...held, "nothing", "minter"];
  return {
    name: "",
    isPublic: false,
    isPublishable: false,
    roles: token.carriesAll ? ofKey : [...held.slice(0, carried), "nothing"],
    token: { ...token, ofKey },
    variables: {},
  };
}

function aRestriction(datasets: readonly Dataset[]): fc.Arbitrary<Restriction> {
  return fc.record({
    conditions: fc.tuple(...datasets.map(conditionsOn)).map((drawn) => drawn.flat()),
    datasets: fc.subarray(datasets.map(({ name }) => name)),
  });
}

function conditionsOn(dataset: Dataset): fc.Arbitrary<Condition[]> {
  const compared = dataset.columns.filter(({ type }) => type !== "JSON");
  const condition = fc.constantFrom(...compared).chain((column) => aCondition(dataset, column));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<Condition[]>([]) },
    { weight: 3, arbitrary: condition.map((one) => mintable(dataset, [one])) },
    {
      weight: 2,
      arbitrary: fc.tuple(condition, condition).map((some) => mintable(dataset, some)),
    },
  );
}

/** Mostly one that the rows of the dataset meet, in part. */
function aCondition(dataset: Dataset, column: Column): fc.Arbitrary<Condition> {
  const cell = aCell({ ...column, isRequired: true });
  const standing = dataset.rows.map(({ cells }) => cells[column.name] ?? null);
  const value = fc
    .constantFrom(...standing)
    .chain((one) => (one === null ? cell : fc.constant(one)));
  const op = fc.constantFrom("ne", "lt", "le", "gt", "ge");
  const named = { dataset: fc.constant(dataset.name), column: fc.constant(column.name) };
  const setting = fc.integer({ min: 0, max: 3 }).map((drawn) => drawn > 0);
  return fc.oneof(
    fc
      .record({ ...named, op: fc.constant("eq" as const), value, set: setting })
      .map((one) => ({ ...one, setValue: one.set ? one.value : null })),
    fc
      .record({ ...named, op, value: fc.oneof(value, anOperand(column.type)), setValue: cell })
      .map((one) => ({ ...one, set: true })),
    fc
      .record({ ...named, op, value: fc.oneof(value, anOperand(column.type)) })
      .map((one) => ({ ...one, set: false, setValue: null })),
  );
}

/** The same conditions, of which none sets what another forbids, or sets otherwise. */
function mintable(dataset: Dataset, conditions: readonly Condition[]): Condition[] {
  return conditions.map((condition, place) => {
    const { column } = condition;
    const others = conditions.filter((one) => one.column === column);
    const isFirst = !conditions.slice(0, place).some((one) => one.column === column);
    const isMet = others.every((one) => meets(dataset, one, condition.setValue));
    return condition.set && isFirst && isMet
      ? condition
      : { ...condition, set: false, setValue: null };
  });
}

function meets({ columns }: Dataset, { column, op, value }: Condition, cell: Cell): boolean {
  return truthOfFilter({ column, [op]: value }, { columns, cells: { [column]: cell } }) === true;
}
