import { GraphQLError } from "graphql";
import { builder } from "./builder.ts";

/** The years that text with four digits for one can name, as DATETIME cells do. */
const YEARS = {
  first: new Date("0001-01-01T00:00:00.000Z"),
  last: new Date("9999-12-31T23:59:59.999Z"),
} as const;

builder.scalarType("DateTime", {
  description:
    "A moment, as ISO 8601 in UTC with milliseconds: `2024-02-29T12:00:00.000Z`; in the years 0001 to 9999.",
  serialize: (value) => value.toISOString(),
  parseValue: (input) => {
    const date = typeof input === "string" ? new Date(input) : null;
    if (date && date >= YEARS.first && date <= YEARS.last) return date;
    throw new GraphQLError(
      "A DateTime is text such as 2024-02-29T12:00:00.000Z, in the years 0001 to 9999.",
    );
  },
});

builder.scalarType("JSON", {
  description: "Any JSON value.",
  serialize: (value) => value,
  parseValue: (input) => input as NonNullable<unknown>,
});

builder.scalarType("Cell", {
  description:
    "The value of one cell. TEXT, SELECT, DECIMAL, DATE and DATETIME are strings; INTEGER is a number, and a string beyond ±(2⁵³−1); BOOLEAN is a boolean; JSON is any JSON value; null is no value.",
  serialize: (value) => value,
  parseValue: (input) => input as NonNullable<unknown>,
});
