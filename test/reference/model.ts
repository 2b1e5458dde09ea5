import type { Token } from "./token.ts";

/**
 * A tenant as the contract speaks of it, in the forms in which the API takes and gives things. The files
 * beside this one work out from it, slowly and in so many words, what the API has to answer. They share
 * nothing with the code that decides.
 */

/** What one may want to do with data. */
export type Action = "READ" | "CREATE" | "UPDATE" | "DELETE";

/** All of them. */
export const EVERY_ACTION: readonly Action[] = ["READ", "CREATE", "UPDATE", "DELETE"];

/** What the cells of a column hold. */
export type ColumnType =
  | "TEXT"
  | "INTEGER"
  | "DECIMAL"
  | "BOOLEAN"
  | "DATE"
  | "DATETIME"
  | "SELECT"
  | "JSON";

/** The value of one cell, as the API takes and gives it; null is no value. */
export type Cell =
  | string
  | number
  | boolean
  | null
  | readonly Cell[]
  | { readonly [name: string]: Cell };

/** A column of a dataset. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** What `Row.cell` answers where the cell is denied. */
  readonly whenDenied: "ABSENT" | "NULL" | "ERROR";
  /** The value of a new row that sets none. */
  readonly default: Cell;
  readonly isRequired: boolean;
  /** Of a SELECT; empty of any other type. */
  readonly options: readonly string[];
  /** Whether no value stands in it twice; such a column tells everybody what is taken. */
  readonly isUnique?: boolean;
}

/** A reference from the rows of one dataset to rows of another. */
export interface Link {
  readonly name: string;
  /** The name of the dataset that it leads to. */
  readonly target: string;
  readonly isMany: boolean;
}

/** A record as it is stored, whoever looks at it. */
export interface Row {
  readonly id: string;
  /** By column name; every column has one. */
  readonly cells: Readonly<Record<string, Cell>>;
  /** By link name: the ids of the rows that it leads to. */
  readonly links: Readonly<Record<string, readonly string[]>>;
}

/** A table. No column and link of one dataset share a name. */
export interface Dataset {
  readonly name: string;
  readonly accessLevel: "PRIVATE" | "ONLY_VIZ" | "OPEN";
  readonly columns: readonly Column[];
  readonly links: readonly Link[];
  /** In the order in which they were made. */
  readonly rows: readonly Row[];
}

/** A condition on a row, as `input RowFilter` has it: a connective, or a column with one operator. */
export interface Filter {
  readonly and?: readonly Filter[];
  readonly or?: readonly Filter[];
  readonly not?: Filter;
  readonly column?: string;
  readonly eq?: Cell;
  readonly ne?: Cell;
  readonly lt?: Cell;
  readonly le?: Cell;
  readonly gt?: Cell;
  readonly ge?: Cell;
  readonly in?: readonly Cell[];
  readonly contains?: string;
  readonly startsWith?: string;
  readonly endsWith?: string;
  readonly isNull?: boolean;
}

/** What a grant says of one action: the role gives it, or the role does not. */
export type Setting = "ALLOW" | "WITHHOLD";

/** A role's override for one dataset, or for one of its columns or links. */
export interface Grant {
  readonly dataset: string;
  /** The name of the column or link; null: the dataset as a whole. */
  readonly place: string | null;
  /** An action that is left out is inherited. */
  readonly settings: Readonly<Partial<Record<Action, Setting>>>;
  /**
   * Of a grant on a dataset as a whole. A text `$…` in it is a variable; a text that begins with `$` is
   * written with one `$` more.
   */
  readonly rowFilters: Readonly<Partial<Record<Action, Filter>>>;
}

/** A named bundle of permissions, defaults and grants. */
export interface Role {
  readonly name: string;
  readonly builtIn: "ADMINISTRATOR" | "ANONYMOUS" | "AUTHENTICATED" | null;
  readonly permissions: readonly string[];
  /** The actions that it gives where no grant says otherwise. */
  readonly defaults: readonly Action[];
  /** At most one for each place. */
  readonly grants: readonly Grant[];
}

/** What a tenant knows of its users besides their names and addresses. */
export interface Attribute {
  readonly name: string;
  readonly type: Exclude<ColumnType, "JSON">;
}

/** A user of the tenant. */
export interface User {
  /** What `$user.id` is; in a world that was drawn and stands nowhere yet, a text in its place. */
  readonly id: string;
  readonly email: string;
  /**
   * Whether the address counts as the user's: because somebody said so who may grant anything, or because the
   * user read what was sent there. No other has a value in row filters.
   */
  readonly address: "ASSERTED" | "PROVED" | "UNVERIFIED";
  /** By name; an attribute without a value is left out. */
  readonly attributes: Readonly<Record<string, Cell>>;
  /** Whether it is a program, whose sessions are begun without a login. */
  readonly isService: boolean;
  /** What it is asked with, of the user of an outside identity provider; absent of all others. */
  readonly jwt?: Jwt;
}

/** A JWT of a user by an outside identity provider that the tenant trusts. */
export interface Jwt {
  /** The names of the roles that it claims, whether or not there are such. */
  readonly roles: readonly string[];
  /** The names of the roles that the user was given and has without claiming them. */
  readonly ofUser: readonly string[];
  /** What it says of attributes that is no value of theirs, by name. It counts as nothing. */
  readonly misfits: Readonly<Record<string, Cell>>;
}

/** Who asks. */
export interface Caller {
  readonly name: string;
  /** Whether it presents no credential. Its one role is then the anonymous. */
  readonly isPublic: boolean;
  readonly isPublishable: boolean;
  /** The names of the roles in effect; of a JWT all that it claims, of which only some may be. */
  readonly roles: readonly string[];
  /** The user that asks by a session; absent of a key and of the public. */
  readonly user?: User;
  /** The access token that asks; absent of all others. */
  readonly token?: Token;
  /** What variables have a value for it besides those of its user or token, by name, `$` included. Keys have none. */
  readonly variables: Readonly<Record<string, Cell>>;
}

/** One tenant, and all that may ask it. */
export interface World {
  /** The instant of the request, the value of `$now`. */
  readonly now: string;
  /** What the tenant knows of its users. */
  readonly attributes?: readonly Attribute[];
  /** Whether whoever brings a JWT may claim to be an administrator. */
  readonly issuerMayAdministrate?: boolean;
  readonly datasets: readonly Dataset[];
  readonly roles: readonly Role[];
  readonly callers: readonly Caller[];
}

/** One caller before one dataset: what nearly every question is about. */
export interface Scene {
  readonly world: World;
  readonly caller: Caller;
  readonly dataset: Dataset;
}
