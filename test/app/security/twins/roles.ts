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

/** Gives the rows of a team, and some columns in them. */
const ofTeam = (name: string, team: string): TwinRole => ({
  name,
  grants: [
    { ...people, read: "ALLOW", rowFilter: { read: { column: "team", eq: team } } },
    unknown,
    { ...people, columns: ["salary", "seen_at", "data", "note", ...WRITTEN], read: "WITHHOLD" },
  ],
});

/**
 * Whose rows and columns overlap, by what the caller reads and by what it does not. Those of teammates and of clients
 * give a key nothing, and the user and the token what another role gives keys.
 */
export const CALLER: readonly TwinRole[] = [
  { name: "methods", permissions: METHODS },
  ofTeam("red", "red"),
  ofTeam("teammate", "$user.team"),
  ofTeam("client", "$client.id"),
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

/** What the user holds, and the token: whose rows they see is what is known of them. */
export const OF_KNOWN: readonly string[] = CALLER.map(({ name }) => name).filter(
  (name) => name !== "red",
);

/** Knows users by their names, changes those, and writes what is known of them without reading it. */
export const CLERK: TwinRole = {
  name: "clerk",
  permissions: ["user::get", "user::find", "user::update", "user::update_attributes"],
};

export const REGISTRAR: TwinRole = { name: "registrar", permissions: ["user::register"] };
