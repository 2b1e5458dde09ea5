import {
  GraphQLError,
  Kind,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  type Source,
  type validate,
} from "graphql";
import type { Plugin } from "graphql-yoga";
import { measureText, shapesOf, type Shape } from "./document-shape.ts";
import { inputFaults } from "./input-faults.ts";
import { shapeOfInput } from "./input-shape.ts";
import { costOf, type RequestParameters } from "./query-cost.ts";

/** How large a request may be; the largest that passes. Numbers count after fragments are written out. */
export interface Limits extends Shape {
  /** Length of a document. */
  readonly characters: number;
  readonly tokens: number;
  /** Brackets of any kind within each other in a document, and lists and objects in a variable. */
  readonly nesting: number;
  /** Operations and fragments in one document. */
  readonly definitions: number;
  /** Variables of all operations of a document. */
  readonly variables: number;
  /** Items of a list in a variable. A list in a document is bounded by its tokens. */
  readonly listItems: number;
  /** Members of an object in a variable. */
  readonly members: number;
  /** Field values that the answer may hold; see {@link costOf}. */
  readonly cost: number;
  /** Validation errors that are answered. */
  readonly errors: number;
}

/**
 * Room for what people and programs write: GraphiQL's introspection is 15 deep, a document may touch
 * a hundred datasets by alias, a page holds 10,000 rows of up to 50 fields, a write 10,000 rows, a cell of JSON 64 KiB.
 */
export const DEFAULT_LIMITS: Limits = {
  characters: 200_000,
  tokens: 10_000,
  nesting: 100,
  definitions: 50,
  variables: 200,
  depth: 20,
  fields: 2_000,
  aliases: 200,
  directives: 200,
  rootFields: 100,
  listItems: 10_000,
  members: 20_000,
  cost: 500_000,
  errors: 5,
};

/** What is counted, in the words of the refusal. */
const WORDS: Readonly<Record<Exclude<keyof Limits, "errors">, string>> = {
  characters: "characters in the document",
  tokens: "tokens in the document",
  nesting: "levels of nesting",
  definitions: "operations and fragments",
  variables: "variables",
  depth: "levels of fields",
  fields: "fields",
  aliases: "aliases",
  directives: "directives",
  rootFields: "fields at the top",
  listItems: "items in one list",
  members: "members in one object",
  cost: "field values in the answer",
};

type Counted = keyof typeof WORDS;

/**
 * Refuses a request that is too large, with `LIMIT_EXCEEDED`, at the earliest point where that can be
 * known: its text before it is parsed, its shape before it is validated, its variables and its cost before
 * anything is asked of the database. What text and shape say is remembered with the parsed document.
 */
export function useLimits(limits: Limits = DEFAULT_LIMITS): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: string | Source, options) => {
        checkText(typeof source === "string" ? source : source.body, limits);
        return parseFn(source, options);
      });
    },
    onValidate({ validateFn, setValidationFn, params }) {
      const validateFully = validateFn as typeof validate;
      setValidationFn((...[schema, document, rules]: Parameters<typeof validate>) => {
        const refusal = refusalOfDocument(document, limits);
        if (refusal) return [refusal];
        // The last error that graphql adds says that there were more.
        return validateFully(schema, document, rules, { maxErrors: limits.errors - 1 });
      });
      const { schema, documentAST: document } = params as ValidateParameters;
      return ({ valid, context }) => {
        if (valid) checkInput({ schema, document }, context.params, limits);
      };
    },
  };
}

/** What Envelop types as anything. */
interface ValidateParameters {
  readonly schema: GraphQLSchema;
  readonly documentAST: DocumentNode;
}

function checkText(text: string, limits: Limits): void {
  check("characters", text.length, limits);
  const { tokens, nesting } = measureText(text, limits);
  check("tokens", tokens, limits);
  check("nesting", nesting, limits);
}

/** A validation result is remembered with its document, so this one is returned, not thrown. */
function refusalOfDocument(document: DocumentNode, limits: Limits): GraphQLError | null {
  try {
    checkDocument(document, limits);
    return null;
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function checkDocument(document: DocumentNode, limits: Limits): void {
  const { definitions } = document;
  check("definitions", definitions.length, limits);
  check("variables", definitions.reduce(countVariables, 0), limits);
  for (const shape of shapesOf(document)) {
    for (const what of Object.keys(shape) as (keyof Shape)[]) check(what, shape[what], limits);
  }
}

function countVariables(count: number, definition: DefinitionNode): number {
  return definition.kind === Kind.OPERATION_DEFINITION
    ? count + (definition.variableDefinitions?.length ?? 0)
    : count;
}

/** Variables differ from request to request, so this is done for each, remembered or not. */
function checkInput(
  { schema, document }: { schema: GraphQLSchema; document: DocumentNode },
  parameters: RequestParameters,
  limits: Limits,
): void {
  const { depth, longest, widest, size } = shapeOfInput(parameters.variables ?? {}, limits.nesting);
  check("nesting", depth, limits);
  check("listItems", longest, limits);
  check("members", widest, limits);
  check("cost", costOf(schema, document, parameters), limits);
  const faults = inputFaults(schema, document, { ...parameters, most: limits.errors + 1 });
  if (faults.length > limits.errors || (faults.length > 0 && size > MOST_REPEATED)) {
    throw new AggregateError(faults.slice(0, limits.errors).map(inputError));
  }
}

/** How large input may be that the executor repeats in what it says of it; see {@link inputFaults}. */
const MOST_REPEATED = 100_000;

function inputError(fault: string): GraphQLError {
  const extensions = { code: "BAD_USER_INPUT", http: { spec: true, status: 400 } };
  return new GraphQLError(fault, { extensions });
}

function check(what: Counted, found: number, limits: Limits): void {
  const limit = limits[what];
  if (found <= limit) return;
  const most = limit.toLocaleString("en-US");
  throw new GraphQLError(
    `The request has more than ${most} ${WORDS[what]}, which is the limit. Split it into several.`,
    { extensions: { code: "LIMIT_EXCEEDED", http: { spec: true, status: 400 } } },
  );
}
