import type { World as Tenant } from "../support/world.ts";

/** How many fields one document holds at most. */
const AT_ONCE = 50;

/** Calls one mutation for each of the inputs, many to a document; what comes back is in their order. */
export async function callEach<Result>(
  { ask }: Pick<Tenant, "ask">,
  { field, selection }: { field: string; selection: string },
  inputs: readonly object[],
): Promise<Result[]> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const results: Result[] = [];
  for (let from = 0; from < inputs.length; from += AT_ONCE) {
    const some = inputs.slice(from, from + AT_ONCE);
    const declared = some.map((_, index) => `$i${index}: ${type}!`).join(", ");
    const calls = some.map((_, index) => `c${index}: ${field}(input: $i${index}) { ${selection} }`);
    const answered = await ask<Record<string, Result>>(
      `mutation (${declared}) { ${calls.join(" ")} }`,
      { variables: Object.fromEntries(some.map((input, index) => [`i${index}`, input])) },
    );
    results.push(...some.map((_, index) => answered[`c${index}`] as Result));
  }
  return results;
}

/** What came back at a place. */
export function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new Error(`Nothing came back for number ${index}.`);
  return value;
}
