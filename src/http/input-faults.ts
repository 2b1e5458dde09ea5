import {
  coerceInputValue,
  type DocumentNode,
  getOperationAST,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
} from "graphql";
import type { RequestParameters } from "./query-cost.ts";

/** Thrown where there are faults enough. */
class EnoughError extends Error {
  override readonly name = "EnoughError";
}

/**
 * What is wrong with the variables of a request, without their values.
 *
 * The executor says it too, and repeats a value with each of fifty faults, whole: of one with many names or a long text
 * that is more than a process holds.
 *
 * @param most Of how many faults it is told; there may be more.
 */
export function inputFaults(
  schema: GraphQLSchema,
  document: DocumentNode,
  { operationName, variables, most }: Pick<RequestParameters, "operationName" | "variables"> & Most,
): readonly string[] {
  const operation = getOperationAST(document, operationName);
  const faults: string[] = [];
  const add = (fault: string) => {
    faults.push(fault);
    if (faults.length === most) throw new EnoughError();
  };
  try {
    if (operation) judge(schema, operation, variables ?? {}, add);
  } catch (error) {
    if (!(error instanceof EnoughError)) throw error;
  }
  return faults;
}

interface Most {
  readonly most: number;
}

function judge(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  add: (fault: string) => void,
): void {
  for (const { variable, type: written } of variableDefinitions) {
    const name = variable.name.value;
    const type = typeFromAST(schema, written);
    // What is not there or null is told by the executor, which has no value to repeat.
    if (!isInputType(type) || (variables[name] ?? null) === null) continue;
    coerceInputValue(variables[name], type, (path, _value, { message }) => {
      const at = path.length > 0 ? ` at "${name}${placeOf(path)}"` : "";
      add(`Variable "$${name}" got invalid value …${at}; ${message}`);
    });
  }
}

function placeOf(path: readonly (string | number)[]): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`)).join("");
}
