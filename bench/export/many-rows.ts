import type { Database } from "../../src/db/database.ts";
import type { Ask } from "../requests/api.ts";

const COLUMNS = [
  { name: "number", type: "INTEGER" },
  { name: "customer", type: "TEXT" },
  { name: "region", type: "TEXT" },
  { name: "price", type: "DECIMAL" },
  { name: "paid", type: "BOOLEAN" },
  { name: "day", type: "DATE" },
  { name: "at", type: "DATETIME" },
  { name: "note", type: "TEXT" },
  { name: "more", type: "JSON" },
  { name: "quantity", type: "INTEGER" },
];

/** How many rows one statement makes. */
const AT_ONCE = 50_000;

/** Makes a dataset without rows through the API. @returns Its id. */
export async function noRows(ask: Ask, name: string): Promise<string> {
  const { createDataset } = await ask<{ createDataset: { dataset: { id: string } } }>(
    `mutation ($input: CreateDatasetInput!) { createDataset(input: $input) { dataset { id } } }`,
    { input: { name, columns: COLUMNS } },
  );
  return createDataset.dataset.id;
}

/**
 * Makes a dataset through the API and fills its table, as nobody but the bench may: no log is written of it.
 *
 * @returns The dataset's id.
 */
export async function manyRows({ pool }: Database, ask: Ask, rows: number): Promise<string> {
  const id = await noRows(ask, "orders");
  const cells = COLUMNS.map((_column, index) => `c${index + 1}`).join(", ");
  const table = `data.t_${id.replace(/^dataset_/, "")}`;
  await pool.query(`ALTER TABLE ${table} DISABLE TRIGGER log_created`);
  for (let from = 0; from < rows; from += AT_ONCE) {
    const to = Math.min(from + AT_ONCE, rows) - 1;
    await pool.query(
      `INSERT INTO ${table}
         (id, created_at, created_by, updated_at, updated_by, ${cells})
       SELECT ('01930000' || lpad(to_hex(i), 8, '0') || '8000000000000000')::uuid, now(), 'bench', now(), 'bench',
              i, 'Customer ' || i % 9973, (ARRAY['North', 'South', 'East', 'West'])[i % 4 + 1], i * 1.25, i % 2 = 0,
              date '2024-01-01' + i % 700, timestamptz '2024-01-01Z' + i * interval '1 minute',
              CASE WHEN i % 3 > 0 THEN 'said "yes", and =' || i END, jsonb_build_object('n', i), i % 97
       FROM generate_series($1::int, $2::int) i`,
      [from, to],
    );
  }
  return id;
}
