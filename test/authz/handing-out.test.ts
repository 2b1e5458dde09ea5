import fc from "fast-check";
import { expect, test } from "vitest";
import { accessPlan } from "../../src/authz/access-plan.ts";
import { missingDataRight } from "../../src/authz/delegation.ts";
import { fieldsOf } from "../../src/db/dataset-definition.ts";
import { aCrowd } from "../proof/crowd.ts";
import { definitionOf, unboundIn } from "../proof/in-code-words.ts";
import { mayHandOutRoles } from "../reference/delegation.ts";
import { aFilter } from "../reference/drawn-filter.ts";
import type { Caller, Dataset, Filter, Role, World } from "../reference/model.ts";
import { isRestricted } from "../reference/restriction.ts";
import { draws } from "../support/draws.ts";

const WORLDS = draws(40);

/** How many of the callers hand out, and what each of them does. */
const GIVERS = 25;

const HOLDER: Omit<Caller, "roles"> = {
  name: "holder",
  isPublic: false,
  isPublishable: false,
  variables: {},
};

/** The same role with a filter ANDed to each of those that it has, and set where it has none. */
function narrowed(role: Role, filters: ReadonlyMap<string, Filter>): Role {
  const grants = role.grants.map((grant) => {
    const filter = filters.get(grant.dataset);
    if (grant.place !== null || !filter) return grant;
    const anded = Object.entries(grant.rowFilters).map(
      ([action, own]) => [action, { and: [filter, own, filter] }] as const,
    );
    return { ...grant, rowFilters: Object.fromEntries(anded) };
  });
  return { ...role, name: "handed", grants };
}

/** Whether the code lets a caller hand out a role on a dataset. */
function isHeld(world: World, giver: Caller, { dataset, role }: { dataset: Dataset; role: Role }) {
  const definition = definitionOf(dataset);
  const planOf = (caller: Caller) => {
    const { rights, guarded } = unboundIn({ world, caller, dataset }, definition);
    return accessPlan(rights, { ...guarded, accessLevel: "OPEN" });
  };
  const handing = {
    before: planOf({ ...HOLDER, roles: [] }),
    after: planOf({ ...HOLDER, roles: [role.name] }),
    held: planOf(giver),
  };
  const fields = fieldsOf(definition).map(({ id }) => id);
  return missingDataRight(handing, fields) === null;
}

test("whoever hands out a role may, exactly where the contract says that it is held", () => {
  const counted = { held: 0, lacking: 0 };
  const property = fc.property(aCrowd(), fc.nat(), (crowd, seed) => {
    const filters = new Map(
      crowd.datasets.map((dataset) => {
        const [filter] = fc.sample(aFilter(dataset, { depth: 0, variables: [] }), {
          seed,
          numRuns: 1,
        });
        return [dataset.name, filter ?? { and: [] }] as const;
      }),
    );
    const givers = crowd.callers.filter((each) => !each.isPublic && !isRestricted(each));
    for (const giver of givers.slice(0, GIVERS)) {
      const own = crowd.roles.find(({ name }) => name === giver.roles[0]);
      const others = crowd.roles.filter(({ builtIn }) => builtIn === null).slice(0, 3);
      const handed = own ? [own, narrowed(own, filters), ...others] : others;
      for (const role of handed) {
        const world = {
          ...crowd,
          roles: [...crowd.roles.filter(({ name }) => name !== role.name), role],
        };
        for (const dataset of world.datasets) {
          const alone = { ...world, datasets: [dataset] };
          const bare = { ...role, permissions: [] };
          const roles = alone.roles.map((one) => (one.name === role.name ? bare : one));
          const due = mayHandOutRoles({ ...alone, roles }, giver, [role.name]);
          counted[due ? "held" : "lacking"] += 1;
          expect({ giver, role, held: isHeld(world, giver, { dataset, role }) }).toEqual({
            giver,
            role,
            held: due,
          });
        }
      }
    }
  });
  fc.assert(property, { numRuns: WORLDS, endOnFailure: true });
  expect(Math.min(counted.held, counted.lacking)).toBeGreaterThan(draws(500));
});
