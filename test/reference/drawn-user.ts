import fc from "fast-check";
import { aCell } from "./drawn-cells.ts";
import type { Attribute, Caller, Cell, Dataset, Role, Row, User } from "./model.ts";

/** What drawn worlds know of their users. */
export const ATTRIBUTES: readonly Attribute[] = [
  { name: "region", type: "TEXT" },
  { name: "level", type: "INTEGER" },
  { name: "quota", type: "DECIMAL" },
  { name: "keen", type: "BOOLEAN" },
  { name: "since", type: "DATE" },
];

/** What is drawn of a user besides its name and its address. */
interface UserDrawing extends Omit<User, "id" | "email"> {
  readonly held: readonly string[];
  readonly isAdministrator: boolean;
}

/** Users with some of the roles each, besides the one that every user has. */
export function someUsers(roles: readonly Role[], count: number): fc.Arbitrary<Caller[]> {
  const drawn = fc.record({
    held: fc.subarray(roles.map(({ name }) => name)),
    isAdministrator: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
    address: fc.constantFrom("ASSERTED", "PROVED", "UNVERIFIED"),
    attributes: someAttributes(),
    isService: fc.boolean(),
  });
  return fc
    .array(drawn, { minLength: Math.min(1, count), maxLength: count })
    .map((users) => users.map((one, index) => aUser(one, index + 1)));
}

const idOf = (number: number) => `id of user ${number}`;
const emailOf = (number: number) => `user${number}@example.com`;

function aUser({ held, isAdministrator, ...user }: UserDrawing, number: number): Caller {
  return {
    name: `user ${number}`,
    isPublic: false,
    isPublishable: false,
    roles: [...held, "authenticated", ...(isAdministrator ? ["administrator"] : [])],
    user: { ...user, id: idOf(number), email: emailOf(number) },
    variables: {},
  };
}

/** A value of each attribute, or none: those that cells have too, so that filters hold. */
export function someAttributes(): fc.Arbitrary<Record<string, Cell>> {
  return fc
    .tuple(...ATTRIBUTES.map(({ type }) => aCell({ type, isRequired: false })))
    .map((values) =>
      Object.fromEntries(
        ATTRIBUTES.flatMap(({ name }, index) => {
          const value = values[index] ?? null;
          return value === null ? [] : [[name, value]];
        }),
      ),
    );
}

/** The same datasets with ids and addresses of so many users in some of the cells. */
export function peopled(datasets: readonly Dataset[], users: number): fc.Arbitrary<Dataset[]> {
  if (users === 0) return fc.constant([...datasets]);
  const words = Array.from({ length: users }, (_none, index) => [
    idOf(index + 1),
    emailOf(index + 1),
  ]).flat();
  const word = fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...words) },
  );
  return fc.tuple(
    ...datasets.map((dataset) =>
      fc.tuple(...dataset.rows.map(() => word)).map((drawn) => ({
        ...dataset,
        rows: dataset.rows.map((row, index) => withWord(dataset, row, drawn[index] ?? null)),
      })),
    ),
  );
}

/** The first column of texts holds it. */
function withWord({ columns }: Dataset, row: Row, word: string | null): Row {
  const column = columns.find(({ type }) => type === "TEXT");
  if (word === null || !column || column.isUnique) return row;
  return { ...row, cells: { ...row.cells, [column.name]: word } };
}
