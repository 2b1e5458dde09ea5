/**
 * What a principal may do, worked out slowly and in so many words from the contract, one question at a
 * time. It shares nothing with the code that decides, and is what that code is held to.
 */

export type ReferenceAction = "READ" | "CREATE" | "UPDATE" | "DELETE";

export interface ReferenceGrant {
  /** Null: on the dataset as a whole. */
  readonly column: string | null;
  readonly read: "ALLOW" | "WITHHOLD" | null;
  readonly create: "ALLOW" | "WITHHOLD" | null;
  readonly update: "ALLOW" | "WITHHOLD" | null;
  readonly delete: "ALLOW" | "WITHHOLD" | null;
}

export interface ReferenceRole {
  readonly isAdministrator: boolean;
  readonly permissions: readonly string[];
  readonly canRead: boolean;
  readonly canCreate: boolean;
  readonly canUpdate: boolean;
  readonly canDelete: boolean;
  /** On the one dataset that is asked about. */
  readonly grants: readonly ReferenceGrant[];
}

export interface ReferenceCaller {
  readonly isAnonymous: boolean;
  readonly isPublishable: boolean;
  readonly roles: readonly ReferenceRole[];
}

export interface ReferenceDataset {
  readonly accessLevel: "PRIVATE" | "ONLY_VIZ" | "OPEN";
  readonly columns: readonly string[];
}

/** Whether one role alone gives an action, on the dataset (`column` null) or on a column of it. */
function roleGives(
  role: ReferenceRole,
  caller: ReferenceCaller,
  action: ReferenceAction,
  column: string | null,
): boolean {
  if (role.isAdministrator) return true;
  if (column !== null && action === "DELETE") return false;
  if (column !== null) {
    for (const grant of role.grants) {
      if (grant.column !== column) continue;
      const said = settingOf(grant, action);
      if (said === "ALLOW") return true;
      if (said === "WITHHOLD") return false;
    }
  }
  for (const grant of role.grants) {
    if (grant.column !== null) continue;
    const said = settingOf(grant, action);
    if (said === "ALLOW") return true;
    if (said === "WITHHOLD") return false;
  }
  // The anonymous role has READ on what is OPEN; nobody else is asked here as the public.
  if (caller.isAnonymous && action === "READ") return true;
  if (action === "READ") return role.canRead;
  if (action === "CREATE") return role.canCreate;
  if (action === "UPDATE") return role.canUpdate;
  return role.canDelete;
}

function settingOf(grant: ReferenceGrant, action: ReferenceAction): "ALLOW" | "WITHHOLD" | null {
  if (action === "READ") return grant.read;
  if (action === "CREATE") return grant.create;
  if (action === "UPDATE") return grant.update;
  return grant.delete;
}

/** What holds of the caller before any role is looked at. */
function isShutOut(
  caller: ReferenceCaller,
  dataset: ReferenceDataset,
  action: ReferenceAction,
): boolean {
  if (caller.isAnonymous && dataset.accessLevel !== "OPEN") return true;
  if (caller.isAnonymous && action !== "READ") return true;
  return caller.isPublishable && action !== "READ";
}

/** Whether some role gives the action on the dataset as a whole. */
export function mayOnDataset(
  caller: ReferenceCaller,
  dataset: ReferenceDataset,
  action: ReferenceAction,
): boolean {
  if (isShutOut(caller, dataset, action)) return false;
  for (const role of caller.roles) if (roleGives(role, caller, action, null)) return true;
  return false;
}

/** Whether some role gives the action on a column. */
export function mayOnColumn(
  caller: ReferenceCaller,
  dataset: ReferenceDataset,
  action: ReferenceAction,
  column: string,
): boolean {
  if (action === "DELETE") return false;
  if (isShutOut(caller, dataset, action)) return false;
  for (const role of caller.roles) if (roleGives(role, caller, action, column)) return true;
  return false;
}

/** Whether some role gives CREATE on a column and on the dataset, as a new row asks for. */
export function mayMakeCell(
  caller: ReferenceCaller,
  dataset: ReferenceDataset,
  column: string,
): boolean {
  if (isShutOut(caller, dataset, "CREATE")) return false;
  for (const role of caller.roles) {
    if (roleGives(role, caller, "CREATE", null) && roleGives(role, caller, "CREATE", column)) {
      return true;
    }
  }
  return false;
}

/** Whether some role gives the action on the dataset or on a column: what `can…` of a dataset says. */
export function maySomewhere(
  caller: ReferenceCaller,
  dataset: ReferenceDataset,
  action: ReferenceAction,
): boolean {
  if (mayOnDataset(caller, dataset, action)) return true;
  return dataset.columns.some((column) => mayOnColumn(caller, dataset, action, column));
}

/** Whether a new row may set the column: one and the same role gives CREATE on the dataset and on it. */
export function maySetInNewRow(
  caller: ReferenceCaller,
  dataset: ReferenceDataset,
  column: string,
): boolean {
  if (isShutOut(caller, dataset, "CREATE")) return false;
  for (const role of caller.roles) {
    if (roleGives(role, caller, "CREATE", null) && roleGives(role, caller, "CREATE", column)) {
      return true;
    }
  }
  return false;
}

/** Rows are seen by whoever may read at least one column. */
export function seesRows(caller: ReferenceCaller, dataset: ReferenceDataset): boolean {
  return dataset.columns.some((column) => mayOnColumn(caller, dataset, "READ", column));
}

export function knowsDataset(caller: ReferenceCaller, dataset: ReferenceDataset): boolean {
  for (const action of ["READ", "CREATE", "UPDATE", "DELETE"] as const) {
    if (maySomewhere(caller, dataset, action)) return true;
  }
  return false;
}

export function knowsColumn(
  caller: ReferenceCaller,
  dataset: ReferenceDataset,
  column: string,
): boolean {
  for (const action of ["READ", "CREATE", "UPDATE"] as const) {
    if (mayOnColumn(caller, dataset, action, column)) return true;
  }
  return false;
}

/** Whether some role has the permission, and the kind of the caller lets it be used. */
export function hasPermission(caller: ReferenceCaller, permission: string): boolean {
  const looks = ["get", "find", "check", "explain", "subscribe"].includes(
    permission.split("::").at(-1) ?? "",
  );
  if ((caller.isAnonymous || caller.isPublishable) && !looks) return false;
  for (const role of caller.roles) {
    if (role.isAdministrator) return true;
    for (const held of role.permissions) if (held === permission) return true;
  }
  return false;
}
