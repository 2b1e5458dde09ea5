import fc from "fast-check";
import { aRole } from "../reference/drawn-role.ts";
import { aWorld, METHODS, type WorldDrawing } from "../reference/drawn-world.ts";
import { VARIABLES } from "../reference/drawn-filter.ts";
import { aToken } from "../reference/drawn-token.ts";
import { someAttributes } from "../reference/drawn-user.ts";
import { type Caller, type Cell, EVERY_ACTION, type Role, type World } from "../reference/model.ts";

/** How many roles there are in a crowd, and how many callers hold up to four of them. */
const ROLES = 24;
const CALLERS = 150;

/** Values of variables, as a user or a client may have them. */
const VALUES: readonly Cell[] = ["", "ab", "B", "é", "$now"];

/** A world in which very many callers hold different roles. */
export function aCrowd(drawing: Partial<WorldDrawing> = {}): fc.Arbitrary<World> {
  return aWorld({ ...drawing, keys: 1, users: 1 })
    .chain((world) => fc.tuple(fc.constant(world), someRoles(world, drawing)))
    .chain(([world, roles]) =>
      fc.tuple(
        fc.constant({ ...world, roles: [...world.roles, ...roles] }),
        fc.array(aCaller(world, roles), { minLength: CALLERS, maxLength: CALLERS }),
      ),
    )
    .map(([world, callers]) => ({
      ...world,
      callers: [...world.callers, ...callers.map((caller, place) => named(caller, place))],
    }));
}

function named(caller: Caller, place: number): Caller {
  const common = caller.user ? "authenticated" : "nothing";
  const roles = [...new Set([...caller.roles, common])];
  return { ...caller, name: `crowd ${place}`, roles };
}

function someRoles({ datasets }: World, { variables = VARIABLES }: Partial<WorldDrawing>) {
  const drawing = { builtIn: null, permissions: METHODS, actions: EVERY_ACTION, variables };
  const names = Array.from({ length: ROLES }, (_, place) => `crowd_${place}`);
  return fc.tuple(...names.map((name) => aRole(datasets, { ...drawing, name, shared: {} })));
}

/** Keys, users and tokens; what a key has of variables here is what nothing in the product gives it. */
function aCaller({ datasets }: World, roles: readonly Role[]): fc.Arbitrary<Caller> {
  const key = aKey(roles);
  const user = fc.record({
    id: fc.constantFrom("ab", "id of user 1"),
    email: fc.constantFrom("B", "user1@example.com"),
    address: fc.constantFrom("PROVED" as const, "UNVERIFIED" as const),
    attributes: someAttributes(),
    isService: fc.constant(false),
  });
  const byUser = fc
    .tuple(key, user)
    .map(([caller, one]) => ({ ...caller, isPublishable: false, user: one, variables: {} }));
  const names = roles.map(({ name }) => name);
  return fc.oneof(key, byUser, aToken(datasets, names));
}

function aKey(roles: readonly Role[]): fc.Arbitrary<Caller> {
  return fc.record({
    name: fc.constant(""),
    isPublic: fc.constant(false),
    isPublishable: fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0),
    roles: fc.subarray(
      roles.map(({ name }) => name),
      { maxLength: 4 },
    ),
    variables: fc
      .subarray(VARIABLES.filter((name) => name !== "$now"))
      .chain((some) =>
        fc
          .tuple(...some.map(() => fc.constantFrom(...VALUES)))
          .map((values) => Object.fromEntries(some.map((name, at) => [name, values[at] ?? null]))),
      ),
  });
}
