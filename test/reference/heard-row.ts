import type { Answer } from "../support/world.ts";
import type { ShownRow } from "./answers.ts";
import type { Caller, Cell, Dataset } from "./model.ts";
import type { CellAnswer, LinkAnswer } from "./sight.ts";
import type { Stage } from "./stage.ts";

/** Who asks, of which dataset, on which stage. */
export interface Ear {
  readonly stage: Stage;
  readonly caller: Caller;
  readonly dataset: Dataset;
  /** The roles that the request narrows itself to; absent where it does not. */
  readonly narrowedTo?: readonly string[];
}

/** A row as the product answers {@link rowFields}. */
export interface Node {
  readonly id: string;
  readonly values: Record<string, Cell>;
  readonly hiddenColumns: string[];
  readonly hiddenLinks: string[];
  readonly [cell: `cell_${string}`]: { readonly value: Cell } | null;
  readonly [link: `linked_${string}`]: Targets | null;
}

interface Targets {
  readonly totalCount: number;
  readonly nodes: readonly Pick<Node, "id" | "values">[];
}

/** Everything that there is to ask of a row, also of columns and links that the caller may not know. */
export function rowFields({ columns, links }: Dataset): string {
  const cells = columns.map(({ name }) => `cell_${name}: cell(column: "${name}") { value }`);
  const linked = links.map(
    ({ name }) => `linked_${name}: linked(link: "${name}") { totalCount nodes { id values } }`,
  );
  return ["id values hiddenColumns hiddenLinks", ...cells, ...linked].join(" ");
}

/** What the product answers of a row that stands at a path of the answer. */
export function rowHeard<Data>(
  ear: Ear,
  answer: Answer<Data>,
  { node, path }: { node: Node; path: readonly (string | number)[] },
): ShownRow {
  const cells: Record<string, CellAnswer> = {};
  for (const { name } of ear.dataset.columns) {
    const cell = node[`cell_${name}`] ?? null;
    const code = codeAt(answer, [...path, `cell_${name}`]);
    if (cell) cells[name] = { is: "CELL", value: cell.value };
    else if (code === null) cells[name] = { is: "NOTHING" };
    else cells[name] = { is: "ERROR", code: code as "FORBIDDEN" };
  }
  const linked: Record<string, LinkAnswer> = {};
  for (const { name } of ear.dataset.links) {
    const code = codeAt(answer, [...path, `linked_${name}`]);
    linked[name] = linkHeard(ear, node[`linked_${name}`] ?? null, code);
  }
  const { values, hiddenColumns: hidden, hiddenLinks } = node;
  return { id: worldId(ear, node.id), values, hidden, cells, hiddenLinks, linked };
}

function linkHeard(ear: Ear, targets: Targets | null, code: string | null): LinkAnswer {
  if (targets) {
    const rows = targets.nodes.map(({ id, values }) => ({ id: worldId(ear, id), values }));
    return { is: "ROWS", rows, totalCount: targets.totalCount };
  }
  return code === null ? { is: "NOTHING" } : { is: "ERROR", code: code as "BAD_USER_INPUT" };
}

/** The code of the error at a path; null: there is none. */
export function codeAt<Data>(
  { errors }: Answer<Data>,
  path: readonly (string | number)[],
): string | null {
  const error = errors.find((one) => JSON.stringify(one.path) === JSON.stringify(path));
  return error ? (error.extensions.code ?? "no code") : null;
}

/** The id in the world of a row of the product. */
export function worldId({ stage: { rows } }: Ear, productId: string): string {
  for (const [id, product] of rows) if (product === productId) return id;
  return productId;
}
