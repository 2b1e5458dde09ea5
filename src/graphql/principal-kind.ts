import { builder } from "./builder.ts";

/** What a request acts as. */
export const PrincipalKindEnum = builder.enumType("PrincipalKind", {
  description: "What a request acts as.",
  values: {
    KEY: { description: "An API key." },
    ACCESS_TOKEN: { description: "A token that a key made for a browser." },
    SESSION: { description: "A user." },
    ANONYMOUS: { description: "Whoever presents no credential." },
    OPERATOR: { description: "The command line." },
  } as const,
});
