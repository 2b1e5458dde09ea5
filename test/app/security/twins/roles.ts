import type { NewGrant } from "../../../support/world.ts";

/** A role by its name, and its grants by the names of what they are on. */
export interface TwinRole {
  readonly name: string;
  readonly permissions?: readonly string[];
  readonly canRead?: boolean;
  readonly grants?: readonly TwinGrant[];
}

/** A grant on a dataset, or on some columns of it. */
export type TwinGrant = Omit<NewGrant, "datasetId" | "columnId"> & {
  readonly dataset: string;
  readonly columns?: readonly string[];
};

const METHODS =
  `dataset::get dataset::find dataset::update column::update row::get row::export row::create row::import row::update row::upsert row::delete
   node::get node::find viewer::get role::get role::find grant::set grant::remove permission::find
   access::check key::check_access`.split(/\s+/);

/** Those that it writes and does not read. */
const WRITTEN = ["memo", "essay", "draft", "outline"];

/** Columns of `people` of which the caller does not know. */
const UNKNOWN = ["team", "secret", "extra"];
const NOTHING = { read: "WITHHOLD", create: "WITHHOLD", update: "WITHHOLD" } as const;
const ALL = { read: "ALLOW", create: "ALLOW", update: "ALLOW", delete: "ALLOW" } as const;

const people = { dataset: "people" };
const unknown: TwinGrant = { ...people, columns: UNKNOWN, ...NOTHING };

/** Whose rows and columns overlap, by what the caller reads and by what it does not. */
export const CALLER: readonly TwinRole[] = [
  { name: "methods", permissions: METHODS },
  {
    name: "red",
    grants: [
      { ...people, read: "ALLOW", rowFilter: { read: { column: "team", eq: "red" } } },
      unknown,
      {
        ...people,
        columns: ["salary", "seen_at", "data", "note", ...WRITTEN],
        read: "WITHHOLD",
      },
    ],
  },
  {
    name: "high",
    grants: [
      { ...people, rowFilter: { read: { column: "level", ge: 5 } } },
      { ...people, columns: ["name", "city", "salary", "seen_at", "data"], read: "ALLOW" },
    ],
  },
  {
    name: "past",
    grants: [
      { ...people, rowFilter: { read: { column: "seen_at", lt: "$now" } } },
      { ...people, columns: ["city"], read: "ALLOW" },
    ],
  },
  {
    name: "addressee",
    grants: [
      { ...people, rowFilter: { read: { not: { column: "note", eq: "$user.email" } } } },
      { ...people, columns: ["note", "name"], read: "ALLOW" },
    ],
  },
  {
    name: "writer",
    grants: [
      {
        ...people,
        create: "ALLOW",
        update: "ALLOW",
        delete: "ALLOW",
        rowFilter: {
          create: {
            and: [{ not: { column: "city", eq: "Ulm" } }, { column: "secret", startsWith: "s" }],
          },
          update: { and: [{ not: { column: "city", eq: "Bonn" } }, { column: "level", lt: 100 }] },
          delete: { column: "level", ge: 2 },
        },
      },
      unknown,
      { ...people, columns: ["level"], create: "WITHHOLD", update: "WITHHOLD" },
    ],
  },
  {
    name: "storekeeper",
    grants: [
      { dataset: "parts", ...ALL },
      { dataset: "parts", columns: ["cost"], ...NOTHING },
    ],
  },
];

/** Roles that the caller does not hold. The filters of the last are over columns that it does not know. */
export const others = (team: string): readonly TwinRole[] => [
  { name: "helper" },
  {
    name: "other",
    grants: [
      { dataset: "vault", read: "ALLOW" },
      { ...people, read: "ALLOW", rowFilter: { read: { column: "team", eq: team } } },
    ],
  },
];

/** What a leak would be like: it reads the names of all rows. */
export const LEAKY: TwinRole = {
  name: "leaky",
  grants: [{ ...people, columns: ["name"], read: "ALLOW" }],
};
