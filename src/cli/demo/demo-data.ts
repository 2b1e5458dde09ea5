import { LOOKING } from "../../authz/role.ts";
import type { DemoKeyName } from "./demo-queries.ts";

/** A file of the package vega-datasets, and the dataset that it becomes. */
export interface DemoDataset {
  readonly file: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly key?: readonly string[];
}

/** What the demo tenant holds: real data, under licences that the README names. */
export const DEMO_DATASETS: readonly DemoDataset[] = [
  {
    file: "movies.json",
    name: "movies",
    label: "Movies",
    description:
      "Films of 1928 to 2010: who made them, what they cost and brought in, how they are rated.",
  },
  {
    file: "airports.csv",
    name: "airports",
    label: "Airports of the United States",
    description: "Airports of the United States and its territories, by their IATA code.",
    key: ["iata"],
  },
  {
    file: "penguins.json",
    name: "penguins",
    label: "Penguins of the Palmer Archipelago",
    description: "Measurements of 344 penguins of three species.",
  },
  {
    file: "seattle-weather.csv",
    name: "seattle_weather",
    label: "Weather in Seattle",
    description: "The weather of Seattle on each day of 2012 to 2015.",
    key: ["date"],
  },
  {
    file: "flights-200k.json",
    name: "flights",
    label: "Flights within the United States",
    description:
      "200,000 flights of 2001: delay in minutes, distance in miles, time in hours of the day.",
  },
];

/** Overrides of a role for some columns of one dataset, as `setGrant` takes them. */
export interface DemoGrant {
  readonly dataset: string;
  readonly columns: readonly string[];
  readonly read?: "ALLOW" | "WITHHOLD";
  readonly update?: "ALLOW";
}

/** A role of the demo, and the name of the key that holds it. */
export interface DemoRole {
  readonly key: Exclude<DemoKeyName, "administrator">;
  readonly name: string;
  readonly canRead: boolean;
  readonly permissions: readonly string[];
  readonly grants: readonly DemoGrant[];
}

/** The keys besides the administrator's: one that sees all but something, and two that see only something. */
export const DEMO_ROLES: readonly DemoRole[] = [
  {
    key: "analyst",
    name: "analyst",
    canRead: true,
    permissions: LOOKING,
    grants: [{ dataset: "movies", columns: ["us_gross", "worldwide_gross"], read: "WITHHOLD" }],
  },
  {
    key: "partner",
    name: "partner",
    canRead: false,
    permissions: LOOKING,
    grants: [{ dataset: "movies", columns: ["title", "director", "imdb_rating"], read: "ALLOW" }],
  },
  {
    key: "dataEntry",
    name: "data_entry",
    canRead: false,
    permissions: [...LOOKING, "row::update"],
    grants: [
      { dataset: "airports", columns: ["iata"], read: "ALLOW" },
      { dataset: "airports", columns: ["name"], read: "ALLOW", update: "ALLOW" },
    ],
  },
];
