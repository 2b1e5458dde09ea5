import { describe, expect, test } from "vitest";
import { runExport } from "../../../src/domain/row/export/run-export.ts";
import { writeExport } from "../../../src/domain/row/export/write-export.ts";
import { operatorTransactions } from "../../../src/caller-transactions.ts";
import { aWorld } from "../../support/world.ts";
import { REMOVE_COLUMN } from "../dataset/documents.ts";

const world = await aWorld();
const { database, tenantId } = world;

// The embedded database does one transaction at a time.
describe.skipIf(database.kind === "PGlite")("an export", () => {
  test("is begun anew where its definition is changed under its snapshot, and holds nothing twice", async () => {
    const { id, columns } = await world.dataset({
      columns: [
        { name: "a", type: "TEXT" },
        { name: "b", type: "TEXT" },
      ],
      rows: [{ a: "1", b: "2" }],
    });
    const parts = {
      requestId: "test",
      now: new Date(),
      open: operatorTransactions(database, tenantId),
      record: () => Promise.resolve(),
    };
    let file = "";
    let attempts = 0;
    await runExport(parts, { datasetId: id, format: "CSV" }, async (context, planned) => {
      attempts += 1;
      if (attempts === 1) {
        await world.ask(REMOVE_COLUMN, { variables: { input: { id: columns["b"] } } });
      }
      await writeExport(context, planned, async (piece) => {
        file += piece.toString();
      });
    });
    expect([attempts, file]).toEqual([2, "a\r\n1\r\n"]);
  });
});
