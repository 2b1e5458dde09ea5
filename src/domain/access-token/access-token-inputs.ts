import type { CONDITION_OPERATORS } from "../../authz/restriction.ts";
import { builder } from "../../graphql/builder.ts";
import { LONGEST, textFaults } from "../../graphql/input-text.ts";
import { MOST_CONDITIONS, MOST_DATASETS } from "./token-conditions.ts";

/** How many seconds a token may lie unused, and may last in all: the least, the most, and unless it says so. */
const IDLE = { least: 60, most: 24 * 60 * 60, usual: 20 * 60 } as const;
const LIFE = { least: 60, most: 7 * 24 * 60 * 60, usual: 12 * 60 * 60 } as const;

/** The most roles that one token names. */
const MOST_ROLES = 100;

/** The type `TokenBinding`. */
export const TokenBindingEnum = builder.enumType("TokenBinding", {
  description: "How an access token is bound to the browser that uses it first.",
  values: {
    COOKIE: {
      description:
        'By a cookie, which the first answer sets and no script can read. The token is presented as `Authorization: Bearer`, and by `fetch` with `credentials: "include"`.',
    },
    DPOP: {
      description:
        "By a key that the browser keeps: the token is presented as `Authorization: DPoP`, each time with a new proof in the header `DPoP` (RFC 9449). For pages in frames of other sites, whose cookies browsers may hold back.",
    },
  } as const,
});

/** The type `ConditionOperator`. */
export const ConditionOperatorEnum = builder.enumType("ConditionOperator", {
  description:
    "How a condition compares a cell with its value. A cell without a value meets none of them.",
  values: {
    eq: { description: "Equal to the value." },
    ne: { description: "Not equal to the value." },
    lt: { description: "Less than the value." },
    le: { description: "Less than the value, or equal to it." },
    gt: { description: "Greater than the value." },
    ge: { description: "Greater than the value, or equal to it." },
  } satisfies Record<(typeof CONDITION_OPERATORS)[number], object>,
});

const TokenConditionInput = builder.inputType("TokenConditionInput", {
  description:
    "What rows have to be for a token: asked of their true values and of every action, of rows as they were and as they become.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset whose rows it is about." }),
    column: t.string({
      required: true,
      description:
        "The name of a column, not of JSON. The key has to read it in every row that it sees.",
    }),
    op: t.field({
      type: ConditionOperatorEnum,
      required: true,
      description: "How the cell is compared.",
    }),
    value: t.field({
      type: "Cell",
      required: true,
      description: "What it is compared with, literally: variables are for row filters.",
    }),
    set: t.boolean({
      description:
        "Whether a new row is given a value there where a call gives none; a call that gives another is FORBIDDEN. On for `eq` if not given, and off for all others.",
    }),
    setValue: t.field({
      type: "Cell",
      description:
        "That value: with `set` it has to be given for all but `eq`, and has to meet the conditions of the column.",
    }),
  }),
});

/** The input of `createAccessToken`. */
export const CreateAccessTokenInput = builder.inputType("CreateAccessTokenInput", {
  description: "A new access token.",
  fields: (t) => ({
    binding: t.field({
      type: TokenBindingEnum,
      required: true,
      description: "How it is bound to the browser that uses it first.",
    }),
    roleIds: t.idList({
      description: `Of the roles in effect those that it carries: 1 to ${MOST_ROLES}. If not given, all of them: of the whole key also those that the key is given later.`,
    }),
    conditions: t.field({
      type: [TokenConditionInput],
      description: `What rows have to be for it, all of these: up to ${MOST_CONDITIONS}.`,
    }),
    datasetIds: t.idList({
      description: `Datasets that it reaches besides those that its conditions name: up to ${MOST_DATASETS}. With conditions, or with this list though it be empty, it reaches no others.`,
    }),
    clientId: t.string({
      description:
        "For whom it acts, in 1 to 200 characters: the variable `$client.id` of row filters. It appears in events, `createdBy`, `updatedBy` and the change log.",
    }),
    clientName: t.string({
      description: "What that one is called, in 1 to 200 characters. It appears beside `clientId`.",
    }),
    idleSeconds: t.int({
      description: `After how many seconds without a use it ends, to within ten: ${IDLE.least} to ${IDLE.most}, and ${IDLE.usual} if not given.`,
    }),
    maxSeconds: t.int({
      description: `After how many seconds it ends in any case: ${LIFE.least} to ${LIFE.most}, and ${LIFE.usual} if not given.`,
    }),
  }),
});

/** What an access token is made of, as a caller writes it. */
export type NewAccessToken = typeof CreateAccessTokenInput.$inferInput;

/** The input of `revokeAccessToken`. */
export const RevokeAccessTokenInput = builder.inputType("RevokeAccessTokenInput", {
  description: "An access token to revoke.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which token: its id, which is not its text." }),
  }),
});

/** Everything that is wrong with a new token in itself. */
export function tokenFaults(input: NewAccessToken): string[] {
  const { roleIds, conditions, datasetIds, clientId, clientName } = input;
  const text = { least: 1, most: LONGEST.label };
  return [
    ...(roleIds ? countFaults("roleIds", roleIds, { least: 1, most: MOST_ROLES }) : []),
    ...countFaults("conditions", conditions ?? [], { least: 0, most: MOST_CONDITIONS }),
    ...countFaults("datasetIds", datasetIds ?? [], { least: 0, most: MOST_DATASETS }),
    ...textFaults("clientId", clientId, text),
    ...textFaults("clientName", clientName, text),
    ...secondsFaults("idleSeconds", secondsOf(input).idle, IDLE),
    ...secondsFaults("maxSeconds", secondsOf(input).life, LIFE),
  ];
}

/** How long a token may lie unused, and how long it lasts. */
export function secondsOf({
  idleSeconds,
  maxSeconds,
}: Pick<NewAccessToken, "idleSeconds" | "maxSeconds">) {
  return { idle: idleSeconds ?? IDLE.usual, life: maxSeconds ?? LIFE.usual };
}

interface Bounds {
  readonly least: number;
  readonly most: number;
}

function countFaults(name: string, listed: readonly unknown[], { least, most }: Bounds): string[] {
  const fits = listed.length >= least && listed.length <= most;
  return fits ? [] : [`${name} lists ${least} to ${most}.`];
}

function secondsFaults(name: string, seconds: number, { least, most }: Bounds): string[] {
  const fits = seconds >= least && seconds <= most;
  return fits ? [] : [`${name} is a number from ${least} to ${most}.`];
}
