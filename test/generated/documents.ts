/* oxlint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Who may reach a dataset without a credential. */
export type AccessLevel =
  /** Viewers of shared visualizations, through them and in no other way. */
  | 'ONLY_VIZ'
  /** Everybody reads it, except for the columns that grants of the role `anonymous` withhold. */
  | 'OPEN'
  /** Nobody. */
  | 'PRIVATE';

/** A new column: its rules and, for its cells, their bounds. */
export type ColumnInput = {
  /** The value of a new row that sets none. */
  readonly default?: unknown;
  /** What it is about, in up to 2,000 characters. */
  readonly description?: string | null | undefined;
  /** False: a cell keeps the value that its row was made with. True if not set. */
  readonly editable?: boolean | null | undefined;
  /** Makes filters and orders by it fast on many rows. Not of JSON; of TEXT, cells then hold 2,500 bytes. */
  readonly indexed?: boolean | null | undefined;
  /** The name for people, in up to 200 characters; the name where it is left out. */
  readonly label?: string | null | undefined;
  /** The greatest value; of INTEGER, DECIMAL, DATE and DATETIME. */
  readonly max?: unknown;
  /** The most characters; of TEXT. */
  readonly maxLength?: number | null | undefined;
  /** The least value; of INTEGER, DECIMAL, DATE and DATETIME. */
  readonly min?: unknown;
  /** `[a-z][a-z0-9_]{0,62}`, unique in the dataset. */
  readonly name: string;
  /** The options of a SELECT, 1 to 1,000. */
  readonly options?: ReadonlyArray<string> | null | undefined;
  /** In place of options: the id of a TEXT or SELECT column that the caller reads, whose values are the options. */
  readonly optionsFrom?: string | null | undefined;
  /** A regular expression (RE2) that a whole text has to match; of TEXT. */
  readonly pattern?: string | null | undefined;
  /** Every row needs a value here. */
  readonly required?: boolean | null | undefined;
  /** Lets those who may not read a unique column set it all the same, and so learn by trying which values it holds. */
  readonly tellsTaken?: boolean | null | undefined;
  /** What its cells hold. */
  readonly type: ColumnType;
  /** No two rows may have the same value here. Not of JSON. */
  readonly unique?: boolean | null | undefined;
  /** What `Row.cell` answers, for all, where a caller may not read the cell; ABSENT if not set. */
  readonly whenDenied?: WhenDenied | null | undefined;
};

/** What the cells of a column hold. */
export type ColumnType =
  /** True or false. */
  | 'BOOLEAN'
  /** A day of the calendar. */
  | 'DATE'
  /** A moment, in UTC, with milliseconds. */
  | 'DATETIME'
  /** A decimal of up to 100 digits before its point and 100 after it. */
  | 'DECIMAL'
  /** A whole number of 64 bits. */
  | 'INTEGER'
  /** Any JSON value. Filters know only whether there is one. */
  | 'JSON'
  /** One of the column's options. */
  | 'SELECT'
  /** Text in Unicode's form NFC, compared by code point. */
  | 'TEXT';

/** A new dataset and its columns. */
export type CreateDatasetInput = {
  /** PRIVATE if not set. OPEN hands READ to the public, which one has to hold oneself. */
  readonly accessLevel?: AccessLevel | null | undefined;
  /** Whether whoever reads its rows is logged: one event `row::get` for each request. Off if not set. */
  readonly auditReads?: boolean | null | undefined;
  /** The columns in their order, up to 1,000. */
  readonly columns: ReadonlyArray<ColumnInput>;
  /** What it is about, in up to 2,000 characters. */
  readonly description?: string | null | undefined;
  /** The names of columns that together tell rows apart: no two rows may agree in all of them, and every row needs a value in each. They become required. Not JSON. */
  readonly keyColumns?: ReadonlyArray<string> | null | undefined;
  /** The name for people, in up to 200 characters; the name where it is left out. */
  readonly label?: string | null | undefined;
  /** `[a-z][a-z0-9_]{0,62}`, unique in the tenant. */
  readonly name: string;
};

/** A new key. */
export type CreateKeyInput = {
  /** From when on it is refused; null: never. */
  readonly expiresAt?: string | null | undefined;
  /** What it is called, in 1 to 200 characters; need not be unique. */
  readonly name: string;
  /** Whether it may be shown in a browser; then it holds READ rights only, whatever its roles. Off if not given. */
  readonly publishable?: boolean | null | undefined;
  /** The roles that it holds: 1 to 100. */
  readonly roleIds: ReadonlyArray<string>;
};

/** A new role. What is left out is empty or off. */
export type CreateRoleInput = {
  /** Whether it gives CREATE where no grant of it says otherwise. */
  readonly canCreate?: boolean | null | undefined;
  /** Whether it gives DELETE where no grant of it says otherwise. */
  readonly canDelete?: boolean | null | undefined;
  /** Whether it gives READ where no grant of it says otherwise. */
  readonly canRead?: boolean | null | undefined;
  /** Whether it gives UPDATE where no grant of it says otherwise. */
  readonly canUpdate?: boolean | null | undefined;
  /** What it is for, in up to 2,000 characters. */
  readonly description?: string | null | undefined;
  /** `[a-z][a-z0-9_]{0,62}`, unique in the tenant. */
  readonly name: string;
  /** The methods that it may call, as `permissions` lists them, and `custom::…` names of the tenant's own. The whole list. */
  readonly permissions?: ReadonlyArray<string> | null | undefined;
};

/** New rows of a dataset. */
export type CreateRowsInput = {
  /** The dataset to make rows in. */
  readonly datasetId: string;
  /** Has the call done once, however often it is sent within 24 hours with the same credential: a repetition writes nothing, and answers what became of the rows, which it reads anew. With other arguments it is a CONFLICT. A call that failed may be sent again. 1 to 200 printable ASCII characters, such as a random UUID. */
  readonly idempotencyKey?: string | null | undefined;
  /** REJECT_ALL if not set. */
  readonly onFault?: OnFault | null | undefined;
  /** Each row is an object of values by the names of columns and links; up to 10000. Of a link the value is the id of a row, or a list of ids where it is `many`. */
  readonly rows: ReadonlyArray<unknown>;
};

/** One row to delete. */
export type DeleteRow = {
  /** The version that the writer has seen; the row stays if it is another by now. */
  readonly expectedVersion?: number | null | undefined;
  /** The row. */
  readonly id: string;
};

/** Rows of a dataset to delete. */
export type DeleteRowsInput = {
  /** The dataset of the rows. */
  readonly datasetId: string;
  /** Has the call done once, however often it is sent within 24 hours with the same credential: a repetition writes nothing, and answers what became of the rows, which it reads anew. With other arguments it is a CONFLICT. A call that failed may be sent again. 1 to 200 printable ASCII characters, such as a random UUID. */
  readonly idempotencyKey?: string | null | undefined;
  /** REJECT_ALL if not set. */
  readonly onFault?: OnFault | null | undefined;
  /** Up to 10000. */
  readonly rows: ReadonlyArray<DeleteRow>;
};

/** Which way an order runs. */
export type Direction =
  /** The smallest first. */
  | 'ASC'
  /** The largest first. */
  | 'DESC';

/** Whether a key is accepted. */
export type KeyStatus =
  /** It is. */
  | 'ACTIVE'
  /** Its time has passed. */
  | 'EXPIRED'
  /** It was revoked, for good. */
  | 'REVOKED';

/** Where cells without a value stand in an order. */
export type Nulls =
  /** Before all values. */
  | 'FIRST'
  /** After all values, whichever way the order runs. */
  | 'LAST';

/** What becomes of a call of which some rows are at fault. */
export type OnFault =
  /** Nothing is written, and the error lists every fault. */
  | 'REJECT_ALL'
  /** The others are written; the faults are in `results`. */
  | 'SKIP_ROW';

/** Which rows: one of `and`, `or`, `not`, or a column with one operator. A comparison with a cell that has no value is no match, also under `not`; only `isNull` finds those. Text is compared by code point. A column that the caller may not read is an error, as one that does not exist. */
export type RowFilter = {
  /** All of these hold; none listed: every row. */
  readonly and?: ReadonlyArray<RowFilter> | null | undefined;
  /** The name of a column, for one of the operators. */
  readonly column?: string | null | undefined;
  /** The text contains this; for TEXT and SELECT. */
  readonly contains?: string | null | undefined;
  /** The text ends with this; for TEXT and SELECT. */
  readonly endsWith?: string | null | undefined;
  /** Equal to the value. */
  readonly eq?: unknown;
  /** Greater than the value, or equal to it. */
  readonly ge?: unknown;
  /** Greater than the value. */
  readonly gt?: unknown;
  /** Equal to one of the values, up to 10,000; in the filter of a grant up to 500. */
  readonly in?: ReadonlyArray<unknown> | null | undefined;
  /** True: no value; false: a value. */
  readonly isNull?: boolean | null | undefined;
  /** Less than the value, or equal to it. */
  readonly le?: unknown;
  /** Less than the value. */
  readonly lt?: unknown;
  /** Not equal to the value. */
  readonly ne?: unknown;
  /** This does not hold. */
  readonly not?: RowFilter | null | undefined;
  /** One of these holds; none listed: no row. */
  readonly or?: ReadonlyArray<RowFilter> | null | undefined;
  /** The text begins with this; for TEXT and SELECT. */
  readonly startsWith?: string | null | undefined;
};

/** On which rows a role gives each action; an action that is left out or null: on every row. Besides values an operand can be a variable: `$user.id`, `$user.email`, `$user.<attribute>`, `$client.id` or `$now`; a text that begins with $ is written with another $ before it. A filter that names a variable without a value lets no row through. A filter has at most 50 conditions, 10 deep in each other, and 500 values in an `in`. */
export type RowFiltersInput = {
  /** Only rows that match are made. */
  readonly create?: RowFilter | null | undefined;
  /** Only rows that match are deleted. */
  readonly delete?: RowFilter | null | undefined;
  /** Only rows that match are read. */
  readonly read?: RowFilter | null | undefined;
  /** Only rows that match before and after are changed. */
  readonly update?: RowFilter | null | undefined;
};

/** One key of an order of rows. */
export type RowOrder = {
  /** The name of a column; one that the caller may not read is an error. */
  readonly column: string;
  /** Which way it runs. */
  readonly direction: Direction;
  /** Where cells without a value stand; LAST if not set. */
  readonly nulls?: Nulls | null | undefined;
};

/** The whole override: an action that is left out or null is as without it. */
export type SetGrantInput = {
  /** The column that it is on; null: none, and without a link the dataset as a whole. */
  readonly columnId?: string | null | undefined;
  /** What it says of CREATE. */
  readonly create?: Setting | null | undefined;
  /** The dataset that it is on, or whose column or link it is on. */
  readonly datasetId: string;
  /** What it says of DELETE, on a dataset alone. */
  readonly delete?: Setting | null | undefined;
  /** In place of a column: the link that it is on. */
  readonly linkId?: string | null | undefined;
  /** What the role says of READ. */
  readonly read?: Setting | null | undefined;
  /** Whose grant. Not the administrator's, which holds everything there is. */
  readonly roleId: string;
  /** On which rows the role gives each action, wherever it has the right from; on a dataset alone. */
  readonly rowFilter?: RowFiltersInput | null | undefined;
  /** What it says of UPDATE. */
  readonly update?: Setting | null | undefined;
};

/** What a grant says of one action. */
export type Setting =
  /** The role gives it. */
  | 'ALLOW'
  /** The role does not give it; another may. */
  | 'WITHHOLD';

/** One row of an update. */
export type UpdateRow = {
  /** The version that the writer has seen; the write is refused if it is another by now. */
  readonly expectedVersion?: number | null | undefined;
  /** The row. */
  readonly id: string;
  /** The new values, by the names of columns and links; those that are not named stay as they are. Of a link the value is the id of a row, or the whole new list of ids where it is `many`; null clears it. */
  readonly values: unknown;
};

/** Changes of rows of a dataset. */
export type UpdateRowsInput = {
  /** The dataset of the rows. */
  readonly datasetId: string;
  /** Has the call done once, however often it is sent within 24 hours with the same credential: a repetition writes nothing, and answers what became of the rows, which it reads anew. With other arguments it is a CONFLICT. A call that failed may be sent again. 1 to 200 printable ASCII characters, such as a random UUID. */
  readonly idempotencyKey?: string | null | undefined;
  /** REJECT_ALL if not set. */
  readonly onFault?: OnFault | null | undefined;
  /** Up to 10000. */
  readonly rows: ReadonlyArray<UpdateRow>;
};

/** One row of an upsert. */
export type UpsertRow = {
  /** The version that the writer has seen; the write is refused if it is another by now, or if there is no such row. */
  readonly expectedVersion?: number | null | undefined;
  /** The values, by the names of columns and links, those of the key among them. Of a row that is there those that are not named stay as they are; of a new one they take their defaults. */
  readonly values: unknown;
};

/** Rows of a dataset to change or make. */
export type UpsertRowsInput = {
  /** The name of a unique column to find rows by; the key columns of the dataset if not set. */
  readonly by?: string | null | undefined;
  /** The dataset of the rows. */
  readonly datasetId: string;
  /** Has the call done once, however often it is sent within 24 hours with the same credential: a repetition writes nothing, and answers what became of the rows, which it reads anew. With other arguments it is a CONFLICT. A call that failed may be sent again. 1 to 200 printable ASCII characters, such as a random UUID. */
  readonly idempotencyKey?: string | null | undefined;
  /** REJECT_ALL if not set. */
  readonly onFault?: OnFault | null | undefined;
  /** Up to 10000. */
  readonly rows: ReadonlyArray<UpsertRow>;
};

/** What `Row.cell` answers where the caller may not read the cell. */
export type WhenDenied =
  /** Null in place of the cell. */
  | 'ABSENT'
  /** The error FORBIDDEN. */
  | 'ERROR'
  /** A cell without a value. */
  | 'NULL';

export type EverythingQueryVariables = Exact<{
  first: number;
  rows: number;
}>;


export type EverythingQuery = { readonly viewer: { readonly name: string, readonly tenant: { readonly slug: string } | null } | null, readonly datasets: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly name: string, readonly version: number | null, readonly canRead: boolean, readonly rowCount: number | null, readonly columns: ReadonlyArray<{ readonly name: string, readonly canUpdate: boolean, readonly options: ReadonlyArray<string> | null, readonly optionsFrom: { readonly name: string, readonly dataset: { readonly name: string } | null } | null } | null>, readonly aggregate: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly keys: unknown, readonly count: number, readonly max: unknown } | null> } | null, readonly rows: { readonly totalCount: number, readonly edges: ReadonlyArray<{ readonly cursor: string }>, readonly nodes: ReadonlyArray<{ readonly id: string, readonly values: unknown, readonly dataset: { readonly name: string } | null } | null> } | null } | null> } | null };

export type EverythingOfQueryVariables = Exact<{
  id: string;
  rows: number;
}>;


export type EverythingOfQuery = { readonly dataset: { readonly rowCount: number | null, readonly columns: ReadonlyArray<{ readonly name: string, readonly canRead: boolean } | null>, readonly aggregate: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly keys: unknown, readonly count: number } | null> } | null, readonly rows: { readonly totalCount: number, readonly nodes: ReadonlyArray<{ readonly values: unknown } | null> } | null } | null };

export type PageQueryVariables = Exact<{
  id: string;
  first: number;
  after?: string | null | undefined;
  orderBy?: ReadonlyArray<RowOrder> | RowOrder | null | undefined;
}>;


export type PageQuery = { readonly dataset: { readonly rows: { readonly totalCount: number, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly nodes: ReadonlyArray<{ readonly id: string, readonly version: number, readonly values: unknown } | null> } | null } | null };

export type FoundQueryVariables = Exact<{
  id: string;
}>;


export type FoundQuery = { readonly node:
    | { readonly __typename: 'AccessToken', readonly id: string }
    | { readonly __typename: 'Column', readonly id: string }
    | { readonly __typename: 'Dataset', readonly id: string }
    | { readonly __typename: 'Event', readonly id: string }
    | { readonly __typename: 'Grant', readonly id: string }
    | { readonly __typename: 'Key', readonly id: string }
    | { readonly __typename: 'Link', readonly id: string }
    | { readonly __typename: 'Role', readonly id: string }
    | { readonly __typename: 'Row', readonly version: number, readonly values: unknown, readonly id: string, readonly dataset: { readonly name: string } | null }
    | { readonly __typename: 'RowImport', readonly id: string }
    | { readonly __typename: 'Session', readonly id: string }
    | { readonly __typename: 'Tenant', readonly id: string }
    | { readonly __typename: 'TrustedIssuer', readonly id: string }
    | { readonly __typename: 'User', readonly id: string }
   | null };

export type FoundAllQueryVariables = Exact<{
  ids: ReadonlyArray<string> | string;
}>;


export type FoundAllQuery = { readonly nodes: ReadonlyArray<
    | { readonly __typename: 'AccessToken', readonly id: string }
    | { readonly __typename: 'Column', readonly id: string }
    | { readonly __typename: 'Dataset', readonly id: string }
    | { readonly __typename: 'Event', readonly id: string }
    | { readonly __typename: 'Grant', readonly id: string }
    | { readonly __typename: 'Key', readonly id: string }
    | { readonly __typename: 'Link', readonly id: string }
    | { readonly __typename: 'Role', readonly id: string }
    | { readonly __typename: 'Row', readonly id: string }
    | { readonly __typename: 'RowImport', readonly id: string }
    | { readonly __typename: 'Session', readonly id: string }
    | { readonly __typename: 'Tenant', readonly id: string }
    | { readonly __typename: 'TrustedIssuer', readonly id: string }
    | { readonly __typename: 'User', readonly id: string }
   | null> | null };

export type MakeRowsMutationVariables = Exact<{
  input: CreateRowsInput;
}>;


export type MakeRowsMutation = { readonly createRows: { readonly count: number, readonly rows: ReadonlyArray<{ readonly id: string, readonly values: unknown } | null> | null } | null };

export type ChangeRowsMutationVariables = Exact<{
  input: UpdateRowsInput;
}>;


export type ChangeRowsMutation = { readonly updateRows: { readonly rows: ReadonlyArray<{ readonly version: number, readonly values: unknown } | null> | null } | null };

export type MergeRowsMutationVariables = Exact<{
  input: UpsertRowsInput;
}>;


export type MergeRowsMutation = { readonly upsertRows: { readonly count: number } | null };

export type DropRowsMutationVariables = Exact<{
  input: DeleteRowsInput;
}>;


export type DropRowsMutation = { readonly deleteRows: { readonly count: number } | null };

export type StaffQueryVariables = Exact<{
  filter?: RowFilter | null | undefined;
  orderBy?: ReadonlyArray<RowOrder> | RowOrder | null | undefined;
}>;


export type StaffQuery = { readonly viewer: { readonly name: string, readonly roles: ReadonlyArray<string> } | null, readonly dataset: { readonly canCreate: boolean, readonly rowCount: number | null, readonly columns: ReadonlyArray<{ readonly name: string } | null>, readonly rows: { readonly nodes: ReadonlyArray<{ readonly values: unknown, readonly hiddenColumns: ReadonlyArray<string> } | null> } | null } | null };

export type StaffAndRolesQueryVariables = Exact<{ [key: string]: never; }>;


export type StaffAndRolesQuery = { readonly dataset: { readonly name: string } | null, readonly roles: { readonly nodes: ReadonlyArray<{ readonly name: string } | null> } | null };

export type MakeDatasetMutationVariables = Exact<{
  input: CreateDatasetInput;
}>;


export type MakeDatasetMutation = { readonly createDataset: { readonly dataset: { readonly id: string, readonly columns: ReadonlyArray<{ readonly id: string, readonly name: string } | null> } | null } | null };

export type MakeRoleMutationVariables = Exact<{
  input: CreateRoleInput;
}>;


export type MakeRoleMutation = { readonly createRole: { readonly role: { readonly id: string } | null } | null };

export type GrantMutationVariables = Exact<{
  input: SetGrantInput;
}>;


export type GrantMutation = { readonly setGrant: { readonly grant: { readonly id: string } | null } | null };

export type MakeKeyMutationVariables = Exact<{
  input: CreateKeyInput;
}>;


export type MakeKeyMutation = { readonly createKey: { readonly secret: string, readonly key: { readonly id: string } | null } | null };

export type RevokeMutationVariables = Exact<{
  id: string;
}>;


export type RevokeMutation = { readonly revokeKey: { readonly key: { readonly status: KeyStatus } | null } | null };


export const EverythingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Everything"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"rows"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"tenant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"slug"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"datasets"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"canRead"}},{"kind":"Field","name":{"kind":"Name","value":"rowCount"}},{"kind":"Field","name":{"kind":"Name","value":"columns"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"canUpdate"}},{"kind":"Field","name":{"kind":"Name","value":"options"}},{"kind":"Field","name":{"kind":"Name","value":"optionsFrom"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"dataset"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"aggregate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"c1","block":false}]}},{"kind":"Argument","name":{"kind":"Name","value":"max"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"c2","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"keys"}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"max"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"rows"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"column"},"value":{"kind":"StringValue","value":"c1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"direction"},"value":{"kind":"EnumValue","value":"ASC"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"dataset"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<EverythingQuery, EverythingQueryVariables>;
export const EverythingOfDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EverythingOf"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"rows"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dataset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rowCount"}},{"kind":"Field","name":{"kind":"Name","value":"columns"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"canRead"}}]}},{"kind":"Field","name":{"kind":"Name","value":"aggregate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"c1","block":false}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"keys"}},{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"rows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"rows"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]}}]}}]} as unknown as DocumentNode<EverythingOfQuery, EverythingOfQueryVariables>;
export const PageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Page"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RowOrder"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dataset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]}}]}}]} as unknown as DocumentNode<PageQuery, PageQueryVariables>;
export const FoundDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Found"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Row"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"dataset"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<FoundQuery, FoundQueryVariables>;
export const FoundAllDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FoundAll"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]} as unknown as DocumentNode<FoundAllQuery, FoundAllQueryVariables>;
export const MakeRowsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"MakeRows"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateRowsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createRows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"rows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]}}]} as unknown as DocumentNode<MakeRowsMutation, MakeRowsMutationVariables>;
export const ChangeRowsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ChangeRows"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateRowsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateRows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rows"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"values"}}]}}]}}]}}]} as unknown as DocumentNode<ChangeRowsMutation, ChangeRowsMutationVariables>;
export const MergeRowsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"MergeRows"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpsertRowsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upsertRows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]} as unknown as DocumentNode<MergeRowsMutation, MergeRowsMutationVariables>;
export const DropRowsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DropRows"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DeleteRowsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"deleteRows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"count"}}]}}]}}]} as unknown as DocumentNode<DropRowsMutation, DropRowsMutationVariables>;
export const StaffDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Staff"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"RowFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RowOrder"}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}}]}},{"kind":"Field","name":{"kind":"Name","value":"dataset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"StringValue","value":"staff","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"canCreate"}},{"kind":"Field","name":{"kind":"Name","value":"columns"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"rowCount"}},{"kind":"Field","name":{"kind":"Name","value":"rows"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orderBy"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"values"}},{"kind":"Field","name":{"kind":"Name","value":"hiddenColumns"}}]}}]}}]}}]}}]} as unknown as DocumentNode<StaffQuery, StaffQueryVariables>;
export const StaffAndRolesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"StaffAndRoles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dataset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"StringValue","value":"staff","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"roles"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<StaffAndRolesQuery, StaffAndRolesQueryVariables>;
export const MakeDatasetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"MakeDataset"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateDatasetInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createDataset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dataset"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"columns"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]}}]} as unknown as DocumentNode<MakeDatasetMutation, MakeDatasetMutationVariables>;
export const MakeRoleDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"MakeRole"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateRoleInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createRole"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<MakeRoleMutation, MakeRoleMutationVariables>;
export const GrantDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Grant"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetGrantInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setGrant"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"grant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]} as unknown as DocumentNode<GrantMutation, GrantMutationVariables>;
export const MakeKeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"MakeKey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateKeyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"secret"}}]}}]}}]} as unknown as DocumentNode<MakeKeyMutation, MakeKeyMutationVariables>;
export const RevokeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Revoke"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revokeKey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"key"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]} as unknown as DocumentNode<RevokeMutation, RevokeMutationVariables>;
