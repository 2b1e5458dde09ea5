import { builder } from "../../graphql/builder.ts";

const Direction = builder.enumType("Direction", {
  description: "Which way an order runs.",
  values: {
    ASC: { description: "The smallest first." },
    DESC: { description: "The largest first." },
  },
});

const Nulls = builder.enumType("Nulls", {
  description: "Where cells without a value stand in an order.",
  values: {
    FIRST: { description: "Before all values." },
    LAST: { description: "After all values, whichever way the order runs." },
  },
});

/** One key of an order, as a caller writes it. */
export const RowOrder = builder.inputType("RowOrder", {
  description: "One key of an order of rows.",
  fields: (t) => ({
    column: t.string({
      required: true,
      description: "The name of a column; one that the caller may not read is an error.",
    }),
    direction: t.field({ type: Direction, required: true, description: "Which way it runs." }),
    nulls: t.field({
      type: Nulls,
      description: "Where cells without a value stand; LAST if not set.",
    }),
  }),
});
