import fc from "fast-check";
import { aCell } from "./drawn-cells.ts";
import type { Attribute, Caller, Cell, Dataset, Jwt, Role, Row, User } from "./model.ts";

/** What drawn worlds know of their users. */
export const ATTRIBUTES: readonly Attribute[] = [
  { name: "region", type: "TEXT" },
  { name: "level", type: "INTEGER" },
  { name: "quota", type: "DECIMAL" },
  { name: "keen", type: "BOOLEAN" },
  { name: "since", type: "DATE" },
];

/** What is drawn of a user besides its name and its address. */
interface UserDrawing extends Omit<User, "id" | "email" | "jwt"> {
  readonly held: readonly string[];
  readonly isAdministrator: boolean;
  readonly claimed: readonly string[];
  readonly misfits: Readonly<Record<string, Cell>>;
}

/**
 * Users with some of the roles each, besides the one that every user has. The first asks by JWTs of an outside
 * identity provider, the others by sessions.
 */
export function someUsers(roles: readonly Role[], count: number): fc.Arbitrary<Caller[]> {
  const names = roles.map(({ name }) => name);
  const drawn = fc.record({
    held: fc.subarray(names),
    isAdministrator: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
    address: fc.constantFrom("ASSERTED", "PROVED", "UNVERIFIED"),
    attributes: someAttributes(),
    isService: fc.boolean(),
    claimed: fc
      .tuple(fc.subarray(names), fc.subarray(CLAIMED_IN_VAIN))
      .map(([some, more]) => [...some, ...more]),
    misfits: fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom<Cell>({}, [], ["ab"])),
  });
  return fc
    .array(drawn, { minLength: count, maxLength: count })
    .map((users) =>
      users.map((one, index) => (index === 0 ? byJwt(one, 1) : bySession(one, index + 1))),
    );
}

/** What is nobody's role by claiming it, but for the administrator's where the issuer may make one. */
const CLAIMED_IN_VAIN = ["administrator", "anonymous", "authenticated", "nobodys"];
const NAMES = ATTRIBUTES.map(({ name }) => name);

const idOf = (number: number) => `id of user ${number}`;
const emailOf = (number: number) => `user${number}@example.com`;

function bySession(drawn: UserDrawing, number: number): Caller {
  const { address, attributes, isService } = drawn;
  return aUser({ address, attributes, isService }, { number, roles: givenTo(drawn) });
}

/** Nobody proves an address to this tenant that an issuer speaks of. */
function byJwt(drawn: UserDrawing, number: number): Caller {
  const { address, attributes, misfits, claimed } = drawn;
  const ofUser = givenTo(drawn);
  const said = Object.entries(misfits).filter(([name]) => !Object.hasOwn(attributes, name));
  const jwt: Jwt = { roles: claimed, ofUser, misfits: Object.fromEntries(said) };
  return aUser(
    {
      address: address === "PROVED" ? "ASSERTED" : address,
      attributes,
      isService: false,
      jwt,
    },
    { number, roles: [...ofUser, ...claimed] },
  );
}

function givenTo({ held, isAdministrator }: UserDrawing): string[] {
  return isAdministrator ? [...held, "administrator"] : [...held];
}

function aUser(
  user: Omit<User, "id" | "email">,
  { number, roles }: { readonly number: number; readonly roles: readonly string[] },
): Caller {
  return {
    name: `user ${number}`,
    isPublic: false,
    isPublishable: false,
    roles: [...new Set([...roles, "authenticated"])],
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
