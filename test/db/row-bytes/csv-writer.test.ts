import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { restored } from "../../../src/cell/formula.ts";
import { CsvWriter } from "../../../src/db/row-bytes/csv-writer.ts";
import { rowOf } from "./sent-row.ts";

/** Fields that are made of little but what has a meaning in a file. */
const field = fc.string({
  unit: fc.oneof(
    fc.constantFrom("'", '"', ",", "\r", "\n", "=", "+", "-", "@", "\t", "＝", "－", "a", " "),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  ),
  maxLength: 8,
});

/** The fields as one record. */
function written(form: "cell" | "text", fields: readonly (string | null)[]): string {
  const out = new CsvWriter();
  const row = rowOf(...fields);
  fields.forEach((_field, place) => {
    if (place > 0) out.bytes(Buffer.from(","));
    out[form](row, place);
  });
  return out.written().toString();
}

const read = (record: string) => parse(`${record}\r\n`, { record_delimiter: "\r\n" });

describe("a record of CSV", () => {
  test("is read as the fields that were written", () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 5 }), (fields) => {
        expect(read(written("cell", fields))).toEqual([fields]);
      }),
    );
  });

  test("holds text that begins as no formula does, and that is restored to what it was", () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 2, maxLength: 5 }), (fields) => {
        const [record = []] = read(written("text", fields));
        for (const text of record) expect(text).not.toMatch(/^([=+\-@\t\r\n＝＋－＠]|$)/);
        expect(record.map(restored)).toEqual(fields);
      }),
    );
  });

  test("tells no value from text without characters", () => {
    expect(written("text", [null, "", null])).toBe(",',");
  });

  test("has quotes where RFC 4180 asks for them, and nowhere else", () => {
    expect(written("text", ["a", "b c", "d,e", 'f"g', "h\ri", "=1,2"])).toBe(
      `a,b c,"d,e","f""g","h\ri","'=1,2"`,
    );
  });
});
