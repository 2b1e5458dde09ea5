import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isIntrospectionType,
} from "graphql";

/** What an argument can name. */
export type Kind =
  | "tenant"
  | "dataset"
  | "column"
  | "link"
  | "row"
  | "role"
  | "key"
  | "grant"
  | "user"
  | "session"
  | "token"
  | "issuer";

/** One thing of each kind, by its id. */
export type Ids = Readonly<Record<Kind, string>>;

/** What stands in a place: an id of some kind, a cursor, a key's text, or a name. */
export type Carried = Kind | "any" | "cursor" | "keyText" | "name";

/** A place of the schema into which an id or the like can be put, in a document that is otherwise right. */
export interface Place {
  readonly kind: Carried;
  readonly operation: "query" | "mutation";
  /** The type of the variable that carries it. */
  readonly type: string;
  /** A root field, given the text of that variable. */
  readonly field: (variable: string) => string;
  readonly valueOf: (id: string) => unknown;
}

const query = (kind: Carried, type: string, field: Place["field"]): Place => ({
  kind,
  operation: "query",
  type,
  field,
  valueOf: (id) => (type.startsWith("[") ? [id, id] : id),
});

/** A mutation, by its input with an id in it. */
const mutation = (kind: Carried, name: string, valueOf: (id: string) => object): Place => ({
  kind,
  operation: "mutation",
  type: `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`,
  field: (variable) => `${name}(input: ${variable}) { __typename }`,
  valueOf,
});

const ROW = "__typename id version values hiddenColumns";
const NODE =
  `__typename id ... on Dataset { name rowCount } ... on Column { name } ... on Link { name } ... on Role { name }
  ... on Key { name } ... on User { firstName } ... on Session { status } ... on AccessToken { binding } ... on TrustedIssuer { audience } ... on Tenant { slug } ... on Grant { read } ... on Row { values }`.replaceAll(
    /\s+/g,
    " ",
  );
const PAGE = "totalCount edges { cursor node { id } }";
const GROUPS = "totalCount edges { cursor node { keys count } }";
const COLUMN = { name: "choice", type: "SELECT" };

/**
 * For every place that takes an id, a cursor, a key's text or a name to look something up by, a document
 * that puts one there.
 *
 * @param own What the asker's tenant has: a dataset, its column, row and link, a role, a key and a grant of
 *   the role.
 */
export function placesFor(own: Ids): Readonly<Record<string, Place>> {
  return {
    ...queriesFor(own),
    ...explanationsFor(own),
    ...mutationsOfData(own),
    ...mutationsOfLinks(own),
    ...mutationsOfRights(own),
    ...placesOfUsers(own),
    ...placesOfTokens(own),
    ...placesOfIssuers(),
  };
}

const asked = (args: string) => `explainAccess(${args}, action: READ) { allowed why }`;

/** What is asked about, of oneself and of others, and whom. */
function explanationsFor({ dataset }: Ids): Record<string, Place> {
  const objects = (["dataset", "column", "row"] as const).flatMap((kind) => {
    const object = (id: string) => asked(`object: { ${kind}Id: ${id} }`);
    return [
      [`Query.explainAccess.object.${kind}Id`, query(kind, "ID", object)],
      [
        `Viewer.explainAccess.object.${kind}Id`,
        query(kind, "ID", (id) => `viewer { ${object(id)} }`),
      ],
    ] as const;
  });
  const about = (subject: string) =>
    asked(`subject: { ${subject} }, object: { datasetId: "${dataset}" }`);
  return {
    ...Object.fromEntries(objects),
    "Query.explainAccess.subject.keyId": query("key", "ID", (id) => about(`keyId: ${id}`)),
    "Query.explainAccess.subject.userId": query("user", "ID", (id) => about(`userId: ${id}`)),
    "Query.explainAccess.subject.roleIds": query("role", "[ID!]", (ids) =>
      about(`roleIds: ${ids}`),
    ),
  };
}

function queriesFor(own: Ids): Record<string, Place> {
  const inDataset = (field: string) => `dataset(id: "${own.dataset}") { ${field} }`;
  return {
    "Query.dataset.id": query("dataset", "ID", (id) => `dataset(id: ${id}) { id name rowCount }`),
    "Query.dataset.name": query("name", "String", (name) => `dataset(name: ${name}) { id }`),
    "Query.datasets.after": query(
      "cursor",
      "String",
      (after) => `datasets(after: ${after}) { ${PAGE} }`,
    ),
    "Query.key.id": query("key", "ID!", (id) => `key(id: ${id}) { id name roles { name } }`),
    "Query.keys.after": query("cursor", "String", (after) => `keys(after: ${after}) { ${PAGE} }`),
    "Query.role.id": query("role", "ID", (id) => `role(id: ${id}) { id name grants { id } }`),
    "Query.role.name": query("name", "String", (name) => `role(name: ${name}) { id }`),
    "Query.roles.after": query("cursor", "String", (after) => `roles(after: ${after}) { ${PAGE} }`),
    "Query.node.id": query("any", "ID!", (id) => `node(id: ${id}) { ${NODE} }`),
    "Query.nodes.ids": query("any", "[ID!]!", (ids) => `nodes(ids: ${ids}) { ${NODE} }`),
    "Query.checkAccess.key": query(
      "keyText",
      "String",
      (key) => `checkAccess(permission: "viewer::get", key: ${key}) { hasAccess }`,
    ),
    "Query.events.after": query(
      "cursor",
      "String",
      (after) => `events(after: ${after}) { ${PAGE} }`,
    ),
    // What one has tried oneself stands in one's own log.
    "Query.events.filter.principalId": query(
      "key",
      "ID",
      (id) => `events(filter: { principalId: ${id}, outcome: ALLOWED }) { totalCount }`,
    ),
    "Query.events.filter.target": query(
      "any",
      "ID",
      (id) => `events(filter: { target: ${id}, outcome: ALLOWED }) { totalCount }`,
    ),
    "Dataset.row.id": query("row", "ID!", (id) => inDataset(`row(id: ${id}) { ${ROW} }`)),
    "Row.linked.after": query("cursor", "String", (after) =>
      inDataset(`row(id: "${own.row}") { linked(link: "onward", after: ${after}) { ${PAGE} } }`),
    ),
    "Dataset.aggregate.after": query("cursor", "String", (after) =>
      inDataset(`aggregate(groupBy: "name", first: 1, after: ${after}) { ${GROUPS} }`),
    ),
    "Dataset.rows.after": query("cursor", "String", (after) =>
      inDataset(`rows(first: 1, after: ${after}) { ${PAGE} }`),
    ),
  };
}

function mutationsOfData(own: Ids): Record<string, Place> {
  const { dataset: datasetId, row, column } = own;
  return {
    "createRows.datasetId": mutation("dataset", "createRows", (id) => ({
      datasetId: id,
      rows: [{}],
    })),
    "updateRows.datasetId": mutation("dataset", "updateRows", (id) => ({
      datasetId: id,
      rows: [{ id: row, values: {} }],
    })),
    "updateRows.rows.id": mutation("row", "updateRows", (id) => ({
      datasetId,
      rows: [{ id, values: {} }],
    })),
    "upsertRows.datasetId": mutation("dataset", "upsertRows", (id) => ({
      datasetId: id,
      rows: [{ values: {} }],
    })),
    "deleteRows.datasetId": mutation("dataset", "deleteRows", (id) => ({
      datasetId: id,
      rows: [{ id: row }],
    })),
    "deleteRows.rows.id": mutation("row", "deleteRows", (id) => ({ datasetId, rows: [{ id }] })),
    "exportRows.datasetId": mutation("dataset", "exportRows", (id) => ({
      datasetId: id,
      format: "CSV",
    })),
    "importRows.datasetId": mutation("dataset", "importRows", (id) => ({
      datasetId: id,
      format: "CSV",
    })),
    "updateDataset.id": mutation("dataset", "updateDataset", (id) => ({ id, label: "x" })),
    "deleteDataset.id": mutation("dataset", "deleteDataset", (id) => ({ id })),
    "addColumn.datasetId": mutation("dataset", "addColumn", (id) => ({
      datasetId: id,
      column: { name: "x", type: "TEXT" },
    })),
    "addColumn.readableBy": mutation("role", "addColumn", (id) => ({
      datasetId,
      column: { name: "y", type: "TEXT" },
      readableBy: [id],
    })),
    "addColumn.column.optionsFrom": mutation("column", "addColumn", (optionsFrom) => ({
      datasetId,
      column: { ...COLUMN, optionsFrom },
    })),
    "createDataset.columns.optionsFrom": mutation("column", "createDataset", (optionsFrom) => ({
      name: "choices",
      columns: [{ ...COLUMN, optionsFrom }],
    })),
    "updateColumn.id": mutation("column", "updateColumn", (id) => ({ id, label: "x" })),
    "updateColumn.optionsFrom": mutation("column", "updateColumn", (optionsFrom) => ({
      id: column,
      optionsFrom,
    })),
    "removeColumn.id": mutation("column", "removeColumn", (id) => ({ id })),
  };
}

function mutationsOfLinks({ dataset: datasetId, row }: Ids): Record<string, Place> {
  return {
    // Among the values of a row stand the ids of those that it leads to.
    "createRows.rows": mutation("row", "createRows", (id) => ({
      datasetId,
      rows: [{ onward: id }],
    })),
    "updateRows.rows.values": mutation("row", "updateRows", (id) => ({
      datasetId,
      rows: [{ id: row, values: { onward: id } }],
    })),
    "upsertRows.rows.values": mutation("row", "upsertRows", (id) => ({
      datasetId,
      by: "code",
      rows: [{ values: { code: "x", onward: id } }],
    })),
    "addLink.datasetId": mutation("dataset", "addLink", (id) => ({
      datasetId: id,
      targetId: datasetId,
      name: "leading",
    })),
    "addLink.targetId": mutation("dataset", "addLink", (targetId) => ({
      datasetId,
      targetId,
      name: "leading",
    })),
    "addLink.readableBy": mutation("role", "addLink", (id) => ({
      datasetId,
      targetId: datasetId,
      name: "leading_on",
      readableBy: [id],
    })),
    "updateLink.id": mutation("link", "updateLink", (id) => ({ id, label: "x" })),
    "removeLink.id": mutation("link", "removeLink", (id) => ({ id })),
  };
}

function mutationsOfRights({ dataset: datasetId, role: roleId }: Ids): Record<string, Place> {
  return {
    "updateRole.id": mutation("role", "updateRole", (id) => ({ id, description: "x" })),
    "deleteRole.id": mutation("role", "deleteRole", (id) => ({ id })),
    "setGrant.roleId": mutation("role", "setGrant", (id) => ({
      roleId: id,
      datasetId,
      read: "ALLOW",
    })),
    "setGrant.datasetId": mutation("dataset", "setGrant", (id) => ({
      roleId,
      datasetId: id,
      read: "ALLOW",
    })),
    "setGrant.columnId": mutation("column", "setGrant", (columnId) => ({
      roleId,
      datasetId,
      columnId,
      read: "ALLOW",
    })),
    "setGrant.linkId": mutation("link", "setGrant", (linkId) => ({
      roleId,
      datasetId,
      linkId,
      read: "ALLOW",
    })),
    "removeGrant.linkId": mutation("link", "removeGrant", (linkId) => ({
      roleId,
      datasetId,
      linkId,
    })),
    "removeGrant.roleId": mutation("role", "removeGrant", (id) => ({ roleId: id, datasetId })),
    "removeGrant.datasetId": mutation("dataset", "removeGrant", (id) => ({
      roleId,
      datasetId: id,
    })),
    "removeGrant.columnId": mutation("column", "removeGrant", (columnId) => ({
      roleId,
      datasetId,
      columnId,
    })),
    "createKey.roleIds": mutation("role", "createKey", (id) => ({
      name: "x",
      roleIds: [roleId, id],
    })),
    "rollKey.id": mutation("key", "rollKey", (id) => ({ id, overlapSeconds: 60 })),
    "revokeKey.id": mutation("key", "revokeKey", (id) => ({ id })),
  };
}

function placesOfUsers({ user, role }: Ids): Record<string, Place> {
  return {
    "Query.user.id": query("user", "ID!", (id) => `user(id: ${id}) { id firstName email }`),
    "Query.users.after": query("cursor", "String", (after) => `users(after: ${after}) { ${PAGE} }`),
    "Query.sessions.after": query(
      "cursor",
      "String",
      (after) => `sessions(after: ${after}) { ${PAGE} }`,
    ),
    "Query.sessions.userId": query("user", "ID", (id) => `sessions(userId: ${id}) { totalCount }`),
    "User.sessions.after": query(
      "cursor",
      "String",
      (after) => `user(id: "${user}") { sessions(after: ${after}) { ${PAGE} } }`,
    ),
    "updateUser.id": mutation("user", "updateUser", (id) => ({ id, firstName: "x" })),
    "deleteUser.id": mutation("user", "deleteUser", (id) => ({ id })),
    "assignRoles.userId": mutation("user", "assignRoles", (userId) => ({
      userId,
      roleIds: [role],
    })),
    "assignRoles.roleIds": mutation("role", "assignRoles", (id) => ({
      userId: user,
      roleIds: [role, id],
    })),
    "createSession.userId": mutation("user", "createSession", (userId) => ({ userId })),
    "endSession.id": mutation("session", "endSession", (id) => ({ id })),
    "logout.sessionId": {
      ...mutation("session", "logout", (sessionId) => ({ sessionId })),
      type: "LogoutInput",
    },
  };
}

function placesOfTokens({ dataset }: Ids): Record<string, Place> {
  const made = (name: string, kind: Kind, valueOf: (id: string) => object) =>
    [
      `createAccessToken.${name}`,
      mutation(kind, "createAccessToken", (id) => ({ binding: "COOKIE", ...valueOf(id) })),
    ] as const;
  const condition = { column: "name", op: "eq", value: "first" };
  return {
    "Query.accessToken.id": query("token", "ID!", (id) => `accessToken(id: ${id}) { id status }`),
    "Query.accessTokens.after": query(
      "cursor",
      "String",
      (after) => `accessTokens(after: ${after}) { ${PAGE} }`,
    ),
    "Query.accessTokens.keyId": query(
      "key",
      "ID",
      (id) => `accessTokens(keyId: ${id}) { totalCount }`,
    ),
    "revokeAccessToken.id": mutation("token", "revokeAccessToken", (id) => ({ id })),
    ...Object.fromEntries([
      made("datasetIds", "dataset", (id) => ({ datasetIds: [dataset, id] })),
      made("roleIds", "role", (id) => ({ roleIds: [id] })),
      made("conditions.datasetId", "dataset", (datasetId) => ({
        conditions: [{ ...condition, datasetId }],
      })),
    ]),
  };
}

function placesOfIssuers(): Record<string, Place> {
  return {
    "Query.trustedIssuer.id": query(
      "issuer",
      "ID!",
      (id) => `trustedIssuer(id: ${id}) { id audience }`,
    ),
    "Query.trustedIssuers.after": query(
      "cursor",
      "String",
      (after) => `trustedIssuers(after: ${after}) { ${PAGE} }`,
    ),
    "updateTrustedIssuer.id": mutation("issuer", "updateTrustedIssuer", (id) => ({
      id,
      maxTokenAge: 60,
    })),
    "distrustIssuer.id": mutation("issuer", "distrustIssuer", (id) => ({ id })),
  };
}

/** Texts and values that name nothing of which one could ask whether it is there, by the last of their names. */
const WITHOUT_IDS = new Set(
  `name header label description slug permission permissions keyColumns pattern default min max options values rows
   column columns groupBy sum avg link mac data by idempotencyKey eq ne lt le gt ge in contains startsWith
   endsWith email password currentPassword firstName lastName organization attributes deviceToken token
   systemKey systemSecret clientIp clientId clientName value setValue audience issuer jwksUrl claim attribute roles`.split(
    /\s+/,
  ),
);

/** Places in the schema that could carry an id and that nobody prepared, each with what to do about it. */
export function unprepared(schema: GraphQLSchema, prepared: readonly string[]): string[] {
  const found = placesIn(schema);
  const ways = "add a document that puts one there to test/app/security/places.ts";
  const missing = found
    .filter(({ place }) => !prepared.includes(place))
    .flatMap(({ place, type }) => {
      if (type === "ID") return [`${place} takes an id: ${ways}.`];
      const isFree = WITHOUT_IDS.has(place.split(".").at(-1) ?? "");
      const advice = `if it can carry an id, a cursor or the text of a key, ${ways}; if not, its name to WITHOUT_IDS there`;
      return isFree ? [] : [`${place} takes a ${type}: ${advice}.`];
    });
  const gone = prepared
    .filter((name) => !found.some(({ place }) => place === name))
    .map((name) => `${name} is not in the schema: remove it from test/app/security/places.ts.`);
  return [...missing, ...gone];
}

interface FoundPlace {
  readonly place: string;
  readonly type: string;
}

/** Every argument, and every field of the inputs in it, that takes a text or a value of any kind. */
function placesIn(schema: GraphQLSchema): FoundPlace[] {
  const mutations = schema.getMutationType();
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isIntrospectionType(type) || isInputObjectType(type) || !("getFields" in type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      "args" in field
        ? field.args.flatMap((arg) =>
            leavesOf(arg.type).map(({ place, type: leaf }) => ({
              place:
                type === mutations
                  ? `${field.name}${place}`
                  : `${type.name}.${field.name}.${arg.name}${place}`,
              type: leaf,
            })),
          )
        : [],
    );
  });
}

const CARRYING: ReadonlySet<string> = new Set(["ID", "String", "JSON", "Cell"]);

/** The leaves of a type of input that could carry an id; a type within itself is looked into once. */
function leavesOf(type: GraphQLInputType, above: readonly string[] = []): FoundPlace[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) {
    return CARRYING.has(named.name) ? [{ place: "", type: named.name }] : [];
  }
  if (above.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    leavesOf(field.type, [...above, named.name]).map(({ place, type: leaf }) => ({
      place: `.${field.name}${place}`,
      type: leaf,
    })),
  );
}

/** The name of a field of such a document; all are equally long. */
export function aliasOf(index: number): string {
  return `v${String(index).padStart(3, "0")}`;
}

/** A document that puts each of some ids into a place, each in a root field of its own line. */
export function documentOf(
  { operation, type, field, valueOf }: Place,
  ids: readonly string[],
): readonly [string, Readonly<Record<string, unknown>>] {
  const names = ids.map((_id, index) => aliasOf(index));
  const declared = names.map((name) => `$${name}: ${type}`).join(", ");
  const fields = names.map((name) => `${name}: ${field(`$${name}`)}`);
  const values = ids.map((id, index) => [names[index], valueOf(id)]);
  return [
    `${operation} (${declared}) {\n${fields.join("\n")}\n}`,
    Object.fromEntries(values) as Record<string, unknown>,
  ];
}
