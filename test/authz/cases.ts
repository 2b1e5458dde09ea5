import fc from "fast-check";
import type { AccessLevel } from "../../src/authz/access-plan.ts";
import type { Grant } from "../../src/authz/branch.ts";
import { ACTIONS, type Action } from "../../src/authz/action.ts";
import type { Principal } from "../../src/authz/principal.ts";
import type { Rights } from "../../src/authz/rights.ts";
import type { Role } from "../../src/authz/role.ts";
import type { ReferenceCaller, ReferenceDataset, ReferenceRole } from "./reference.ts";

/** A caller and a dataset, drawn by chance, in the words of the reference. */
export interface DrawnCase {
  readonly caller: ReferenceCaller;
  readonly dataset: ReferenceDataset;
}

export const COLUMNS = ["first", "second", "third"] as const;

const setting = fc.constantFrom(null, null, "ALLOW" as const, "WITHHOLD" as const);

/** One grant at most for a place, as the database has it; a column's says nothing of DELETE. */
const grants = fc
  .uniqueArray(
    fc.record({
      column: fc.constantFrom(null, null, ...COLUMNS),
      read: setting,
      create: setting,
      update: setting,
      delete: setting,
    }),
    { selector: ({ column }) => column, maxLength: 4 },
  )
  .map((drawn) =>
    drawn.map((grant) => (grant.column === null ? grant : { ...grant, delete: null })),
  );

export const PERMISSIONS = [
  "viewer::get",
  "row::get",
  "row::create",
  "row::update",
  "grant::any",
  "custom::toString",
] as const;

export const aRole: fc.Arbitrary<ReferenceRole> = fc.record({
  isAdministrator: fc.integer({ min: 0, max: 15 }).map((drawn) => drawn === 0),
  permissions: fc.subarray([...PERMISSIONS]),
  canRead: fc.boolean(),
  canCreate: fc.boolean(),
  canUpdate: fc.boolean(),
  canDelete: fc.boolean(),
  grants,
});

/** The public holds one role, which is not the administrator's; nobody else is the public. */
export const aCaller: fc.Arbitrary<ReferenceCaller> = fc.oneof(
  { weight: 4, arbitrary: fc.array(aRole, { maxLength: 3 }).map((roles) => key(roles, false)) },
  { weight: 1, arbitrary: fc.array(aRole, { maxLength: 2 }).map((roles) => key(roles, true)) },
  { weight: 2, arbitrary: aRole.map((role) => publicOf({ ...role, isAdministrator: false })) },
);

function key(roles: ReferenceRole[], isPublishable: boolean): ReferenceCaller {
  return { isAnonymous: false, isPublishable, roles };
}

function publicOf(role: ReferenceRole): ReferenceCaller {
  return { isAnonymous: true, isPublishable: false, roles: [role] };
}

export const aDataset: fc.Arbitrary<ReferenceDataset> = fc.record({
  accessLevel: fc.constantFrom("PRIVATE" as const, "ONLY_VIZ" as const, "OPEN" as const),
  columns: fc.subarray([...COLUMNS]),
});

export const aCase: fc.Arbitrary<DrawnCase> = fc.record({ caller: aCaller, dataset: aDataset });

/** The same caller, in the words of the code. */
export function rightsOf({ isAnonymous, isPublishable, roles }: ReferenceCaller): Rights {
  const principal: Principal = {
    kind: isAnonymous ? "ANONYMOUS" : "KEY",
    tenantId: "tenant",
    id: isAnonymous ? null : "key",
    name: "drawn",
  };
  return {
    principal,
    roles: roles.map(roleOf),
    variables: new Map(),
    readOnly: isAnonymous || isPublishable,
  };
}

function roleOf(role: ReferenceRole, index: number): Role {
  const defaults: (Action | null)[] = [
    role.canRead ? "READ" : null,
    role.canCreate ? "CREATE" : null,
    role.canUpdate ? "UPDATE" : null,
    role.canDelete ? "DELETE" : null,
  ];
  return {
    id: `role ${index}`,
    name: `role_${index}`,
    builtIn: role.isAdministrator ? "ADMINISTRATOR" : null,
    permissions: new Set(role.permissions),
    defaults: new Set(defaults.filter((action) => action !== null)),
  };
}

/** The same dataset with the grants of the caller's roles, in the words of the code. */
export function guardedOf({ caller, dataset }: DrawnCase) {
  const found = caller.roles.flatMap(({ grants: ofRole }, index) =>
    ofRole
      .filter(({ column }) => column === null || dataset.columns.includes(column))
      .map((grant): Grant => {
        const settings = ACTIONS.flatMap((action) => {
          const said = grant[action.toLowerCase() as "read"];
          return said === null ? [] : [[action, said] as const];
        });
        return {
          roleId: `role ${index}`,
          fieldId: grant.column,
          settings: Object.fromEntries(settings),
          rowFilters: {},
        };
      }),
  );
  const accessLevel: AccessLevel = dataset.accessLevel;
  return { datasetId: "dataset", accessLevel, fieldIds: dataset.columns, grants: found };
}
