import { compareCells } from "./compare-cells.ts";
import type { Cell, Column, Filter } from "./model.ts";
import { textOfCell } from "./text-of-cell.ts";
import { all, opposite, some, type Truth } from "./truth.ts";

/** The cells that a filter is held against, which may be fewer than are stored, and their columns. */
export interface Judged {
  readonly columns: readonly Column[];
  readonly cells: Readonly<Record<string, Cell>>;
}

/** What a filter without variables says of the cells. Every column that it names is among them. */
export function truthOfFilter(filter: Filter, judged: Judged): Truth {
  if (filter.and) return all(filter.and.map((part) => truthOfFilter(part, judged)));
  if (filter.or) return some(filter.or.map((part) => truthOfFilter(part, judged)));
  if (filter.not) return opposite(truthOfFilter(filter.not, judged));
  const column = judged.columns.find(({ name }) => name === filter.column);
  if (!column) throw new Error(`No column ${filter.column}`);
  return truthOfComparison(filter, column, judged.cells[column.name] ?? null);
}

/** Only `isNull` sees NULL; any comparison with it is unknown. `in` is one of many equalities. */
function truthOfComparison(filter: Filter, column: Column, cell: Cell): Truth {
  if (filter.isNull !== undefined) return (cell === null) === filter.isNull;
  if (filter.in) {
    return some(filter.in.map((value) => truthOfComparison({ eq: value }, column, cell)));
  }
  if (cell === null) return null;
  const against = (operand: Cell) => compareCells(column.type, cell, operand);
  if (filter.eq !== undefined) return against(filter.eq) === 0;
  if (filter.ne !== undefined) return against(filter.ne) !== 0;
  if (filter.lt !== undefined) return against(filter.lt) < 0;
  if (filter.le !== undefined) return against(filter.le) <= 0;
  if (filter.gt !== undefined) return against(filter.gt) > 0;
  if (filter.ge !== undefined) return against(filter.ge) >= 0;
  const text = textOfCell(cell).normalize("NFC");
  if (filter.contains !== undefined) return text.includes(filter.contains.normalize("NFC"));
  if (filter.startsWith !== undefined) return text.startsWith(filter.startsWith.normalize("NFC"));
  if (filter.endsWith !== undefined) return text.endsWith(filter.endsWith.normalize("NFC"));
  throw new Error("A filter without an operator.");
}

/** The names of the columns that a filter speaks of. */
export function columnsNamed(filter: Filter): string[] {
  if (filter.and) return filter.and.flatMap(columnsNamed);
  if (filter.or) return filter.or.flatMap(columnsNamed);
  if (filter.not) return columnsNamed(filter.not);
  return filter.column === undefined ? [] : [filter.column];
}
