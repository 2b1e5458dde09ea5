import type { Action } from "./action.ts";

/** The roles that every tenant has. */
export type BuiltIn = "ANONYMOUS" | "AUTHENTICATED" | "ADMINISTRATOR";

/** A named bundle of permissions and default data rights. */
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly builtIn: BuiltIn | null;
  readonly permissions: ReadonlySet<string>;
  /** What the role gives on every dataset unless one of its grants says otherwise. */
  readonly defaults: ReadonlySet<Action>;
}

/** The permissions to look, which the built-in roles of a new tenant hold. */
export const LOOKING = [
  "viewer::get",
  "dataset::get",
  "dataset::find",
  "row::get",
  "node::get",
  "node::find",
  "access::check",
] as const;

/** What every user of a new tenant may do: look, change itself, and leave. */
export const OF_EVERY_USER = [...LOOKING, "viewer::update", "session::logout"] as const;

/** The role of whoever presents no credential to a tenant that has opened nothing, or does not exist. */
export const STRANGER: Role = {
  id: "",
  name: "anonymous",
  builtIn: "ANONYMOUS",
  permissions: new Set(LOOKING),
  defaults: new Set(),
};

/** The role of the command line: everything there is, in whichever tenant it was started for. */
export const OPERATOR: Role = {
  id: "",
  name: "administrator",
  builtIn: "ADMINISTRATOR",
  permissions: new Set(),
  defaults: new Set(),
};
