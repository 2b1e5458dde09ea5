import { builder } from "../graphql/builder.ts";
import type { RowFilterInput } from "./row-filter.ts";

/** The filter of rows, as a caller writes it. */
export const RowFilter = builder.inputRef<RowFilterInput, false>("RowFilter").implement({
  description:
    "Which rows: one of `and`, `or`, `not`, or a column with one operator. A comparison with a cell that has no value is no match, also under `not`; only `isNull` finds those. Text is compared by code point. A column that the caller may not read is an error, as one that does not exist.",
  fields: (t) => ({
    and: t.field({ type: [RowFilter], description: "All of these hold; none listed: every row." }),
    or: t.field({ type: [RowFilter], description: "One of these holds; none listed: no row." }),
    not: t.field({ type: RowFilter, description: "This does not hold." }),
    column: t.string({ description: "The name of a column, for one of the operators." }),
    eq: t.field({ type: "Cell", description: "Equal to the value." }),
    ne: t.field({ type: "Cell", description: "Not equal to the value." }),
    lt: t.field({ type: "Cell", description: "Less than the value." }),
    le: t.field({ type: "Cell", description: "Less than the value, or equal to it." }),
    gt: t.field({ type: "Cell", description: "Greater than the value." }),
    ge: t.field({ type: "Cell", description: "Greater than the value, or equal to it." }),
    in: t.field({
      type: ["Cell"],
      description: "Equal to one of the values, up to 10,000; in the filter of a grant up to 500.",
    }),
    contains: t.string({ description: "The text contains this; for TEXT and SELECT." }),
    startsWith: t.string({ description: "The text begins with this; for TEXT and SELECT." }),
    endsWith: t.string({ description: "The text ends with this; for TEXT and SELECT." }),
    isNull: t.boolean({ description: "True: no value; false: a value." }),
  }),
});
