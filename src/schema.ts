/** Lists every module of the domain once. A module that is missing here is missing from the API. */
import "./graphql/scalars.ts";
import "./domain/access/access-queries.ts";
import "./domain/access/explain-queries.ts";
import "./domain/key/key.ts";
import "./domain/key/key-queries.ts";
import "./domain/key/key-mutations.ts";
import "./domain/access-token/access-token.ts";
import "./domain/access-token/access-token-queries.ts";
import "./domain/access-token/access-token-mutations.ts";
import "./domain/dataset/column.ts";
import "./domain/dataset/column-index.ts";
import "./domain/dataset/link.ts";
import "./domain/dataset/dataset.ts";
import "./domain/dataset/dataset-mutations.ts";
import "./domain/dataset/link-mutations.ts";
import "./domain/dataset/dataset-queries.ts";
import "./domain/event/event.ts";
import "./domain/event/event-mutations.ts";
import "./domain/event/event-queries.ts";
import "./domain/issuer/issuer.ts";
import "./domain/issuer/issuer-queries.ts";
import "./domain/issuer/issuer-mutations.ts";
import "./domain/role/role.ts";
import "./domain/role/role-queries.ts";
import "./domain/role/role-mutations.ts";
import "./domain/role/grant-mutations.ts";
import "./domain/tenant/tenant.ts";
import "./domain/tenant/tenant-mutations.ts";
import "./domain/tenant/tenant-queries.ts";
import "./domain/tenant/identity-mutations.ts";
import "./domain/user/user.ts";
import "./domain/user/user-queries.ts";
import "./domain/user/user-mutations.ts";
import "./domain/user/register-user.ts";
import "./domain/user/update-me.ts";
import "./domain/user/one-time-mutations.ts";
import "./domain/session/session.ts";
import "./domain/session/session-queries.ts";
import "./domain/session/session-mutations.ts";
import "./domain/session/login.ts";
import "./domain/viewer/viewer.ts";
import "./domain/node/node-queries.ts";
import "./domain/row/row.ts";
import "./domain/row/row-queries.ts";
import "./domain/row/aggregate-field.ts";
import "./domain/row/linked-rows.ts";
import "./domain/row/write/row-mutations.ts";
import "./domain/row/export/export-mutations.ts";
import "./domain/row/import/row-import.ts";
import "./domain/row/import/import-mutations.ts";
import { builder } from "./graphql/builder.ts";

const description =
  "Tables in which every field, column, row and cell is authorized. What a request may not see does not exist for it. What it lacks on something that it knows is an error with the code `FORBIDDEN` that says what is missing. `viewer` tells as whom a request acts.";

/** The GraphQL schema, whole. The builder has no place for its description. */
export const schema = Object.assign(builder.toSchema(), { description });
