import { aDataset, aFilter, anOrder, someColumns, type Question } from "./grammar.ts";
import type { Random } from "./random.ts";

/** Asks for an export, of what the caller reads or of what it does not. */
export function anExport(drawn: Random): Question {
  const dataset = aDataset(drawn);
  const asked = {
    format: drawn.pick(["CSV", "JSON_LINES", "JSON"]),
    columns: drawn.chance(0.4) ? someColumns(drawn, dataset) : null,
    filter: drawn.chance(0.5) ? aFilter(dataset, drawn) : null,
    orderBy: anOrder(dataset, drawn),
  };
  return {
    field: (variable) => `exportRows(input: ${variable("input")}) { url expiresAt }`,
    variables: {
      input: {
        type: "ExportRowsInput!",
        value: (id) => ({ datasetId: id(dataset, "dataset"), ...asked }),
      },
    },
  };
}
