import { getRefFromModel, type PrismaObjectRef } from "@pothos/plugin-prisma";
import type PrismaTypes from "../db/pothos-types.ts";
import type { Rights } from "../authz/rights.ts";
import type { ColumnDefinition, LinkDefinition } from "../db/dataset-definition.ts";
import { builder } from "../graphql/builder.ts";
import type { KnownDataset } from "./known-dataset.ts";

/** The type `Viewer`; `domain/viewer` defines it. */
export const ViewerRef = builder.objectRef<Rights>("Viewer");

/** A column that the caller knows, with the dataset that it belongs to. */
export interface KnownColumn {
  readonly dataset: KnownDataset;
  readonly definition: ColumnDefinition;
}

/** A link that the caller knows, with the dataset that it belongs to. */
export interface KnownLink {
  readonly dataset: KnownDataset;
  readonly definition: LinkDefinition;
}

/** The type `Dataset`, which several folders of the domain add fields to; `domain/dataset` defines it. */
export const DatasetRef = builder.objectRef<KnownDataset>("Dataset");

/** The type `Column`; `domain/dataset` defines it. */
export const ColumnRef = builder.objectRef<KnownColumn>("Column");

/** The type `Link`; `domain/dataset` defines it. */
export const LinkRef = builder.objectRef<KnownLink>("Link");

type BuilderTypes =
  typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/** The type of a model, which Prisma's plugin keeps by its name. */
function modelRef<Model extends "Tenant" | "Role" | "ApiKey" | "User" | "UserSession">(
  model: Model,
) {
  return getRefFromModel(model, builder) as unknown as PrismaObjectRef<
    BuilderTypes,
    PrismaTypes[Model],
    PrismaTypes[Model]["Shape"]
  >;
}

/** The type `Tenant`; `domain/tenant` defines it. */
export const TenantRef = modelRef("Tenant");

/** The type `Role`; `domain/role` defines it. */
export const RoleRef = modelRef("Role");

/** The type `Key`; `domain/key` defines it. */
export const KeyRef = modelRef("ApiKey");

/** The type `User`; `domain/user` defines it. */
export const UserRef = modelRef("User");

/** The type `Session`; `domain/session` defines it. */
export const SessionRef = modelRef("UserSession");
