import { builder } from "../../graphql/builder.ts";

/** The types that a column can have. */
export const ColumnTypeEnum = builder.enumType("ColumnType", {
  description: "What the cells of a column hold.",
  values: {
    TEXT: { description: "Text in Unicode's form NFC, compared by code point." },
    INTEGER: { description: "A whole number of 64 bits." },
    DECIMAL: { description: "A decimal of up to 100 digits before its point and 100 after it." },
    BOOLEAN: { description: "True or false." },
    DATE: { description: "A day of the calendar." },
    DATETIME: { description: "A moment, in UTC, with milliseconds." },
    SELECT: { description: "One of the column's options." },
    JSON: { description: "Any JSON value. Filters know only whether there is one." },
  } as const,
});

/** Who may reach a dataset without a credential. */
export const AccessLevelEnum = builder.enumType("AccessLevel", {
  description: "Who may reach a dataset without a credential.",
  values: {
    PRIVATE: { description: "Nobody." },
    ONLY_VIZ: {
      description: "Viewers of shared visualizations, through them and in no other way.",
    },
    OPEN: {
      description:
        "Everybody reads it, except for the columns that grants of the role `anonymous` withhold.",
    },
  } as const,
});

/** What is said for a cell that a caller may not read. */
export const WhenDeniedEnum = builder.enumType("WhenDenied", {
  description: "What `Row.cell` answers where the caller may not read the cell.",
  values: {
    ABSENT: { description: "Null in place of the cell." },
    NULL: { description: "A cell without a value." },
    ERROR: { description: "The error FORBIDDEN." },
  } as const,
});
