import { type Aggregation, AGGREGATES, type Group, type Grouped } from "./group-rows.ts";
import { ask } from "./heard.ts";
import { codeAt, type Ear } from "./heard-row.ts";

interface Page {
  readonly totalCount: number;
  readonly nodes: readonly Group[];
}

/** What the product answers to a caller that asks for groups of rows. */
export async function heardGroups(ear: Ear, asked: readonly Aggregation[]): Promise<Grouped[]> {
  const declared = asked.map((_, i) => `$f${i}: RowFilter`).join(", ");
  const fields = asked.map((one, i) => {
    const names = (["groupBy", ...AGGREGATES] as const).map(
      (argument) => `${argument}: ${JSON.stringify(one[argument])}`,
    );
    return `g${i}: aggregate(filter: $f${i}, ${names.join(", ")}) {
      totalCount nodes { keys count sum avg min max } }`;
  });
  const answer = await ask<{ dataset: Record<string, Page | null> | null }>(
    ear,
    `query ($id: ID!, ${declared}) { dataset(id: $id) { ${fields.join(" ")} } }`,
    Object.fromEntries(asked.map(({ filter }, i) => [`f${i}`, filter])),
  );
  return asked.map((_, i): Grouped => {
    const page = answer.data?.dataset?.[`g${i}`];
    if (page) return { is: "GROUPS", groups: page.nodes, totalCount: page.totalCount };
    const code = codeAt(answer, answer.data?.dataset ? ["dataset", `g${i}`] : ["dataset"]);
    return code === null ? { is: "NOTHING" } : { is: "ERROR", code: code as "FORBIDDEN" };
  });
}
