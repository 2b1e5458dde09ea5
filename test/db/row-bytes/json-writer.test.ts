import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonWriter } from "../../../src/db/row-bytes/json-writer.ts";
import { rowOf } from "./sent-row.ts";

function written(form: "raw" | "plain" | "integer" | "text" | "moment" | "digits", text: string) {
  const out = new JsonWriter();
  out[form](rowOf(null, text), 1);
  return out.written().toString();
}

test("a row is read field by field, however many it has", () => {
  const fields = Array.from({ length: 1_200 }, (_field, index) =>
    index % 3 === 0 ? null : "é".repeat(index % 50),
  );
  const row = rowOf(...fields);
  expect(fields.map((_field, index) => row.text(index))).toEqual(fields);
  expect(fields.map((_field, index) => row.isNull(index))).toEqual(
    fields.map((field) => field === null),
  );
});

describe("a field is written", () => {
  test("as text, as JSON.stringify writes it", () => {
    const text = fc.string({ unit: "binary", maxLength: 200 });
    fc.assert(
      fc.property(text, (each) => {
        expect(written("text", each)).toBe(JSON.stringify(each));
      }),
    );
    const controls = String.fromCharCode(...Array.from({ length: 0x81 }, (_code, code) => code));
    expect(written("text", controls)).toBe(JSON.stringify(controls));
  });

  test.each([
    ["0", "0"],
    ["-999999999999999", "-999999999999999"],
    ["9007199254740991", "9007199254740991"],
    ["9007199254740992", '"9007199254740992"'],
    ["-9007199254740991", "-9007199254740991"],
    ["-9007199254740992", '"-9007199254740992"'],
    ["9223372036854775807", '"9223372036854775807"'],
  ])("as the integer %s", (text, json) => {
    expect(written("integer", text)).toBe(json);
  });

  test.each([
    ["2026-11-25 01:02:03+00", "2026-11-25T01:02:03.000Z"],
    ["2026-11-25 01:02:03.4+00", "2026-11-25T01:02:03.400Z"],
    ["2026-11-25 01:02:03.04+00", "2026-11-25T01:02:03.040Z"],
    ["0001-01-01 00:00:00.004+00", "0001-01-01T00:00:00.004Z"],
    ["9999-12-31 23:59:59.999999+00", "9999-12-31T23:59:59.999Z"],
  ])("as the moment %s", (text, json) => {
    expect(written("moment", text)).toBe(`"${json}"`);
  });

  test("as it is, with or without quotes, or as the digits of a UUID", () => {
    const long = "1234567890".repeat(10);
    expect(written("raw", long)).toBe(long);
    expect(written("plain", long)).toBe(`"${long}"`);
    expect(written("digits", "01a2107a-aed7-7be9-a343-7c14d64d6ea3")).toBe(
      "01a2107aaed77be9a3437c14d64d6ea3",
    );
  });
});

test("what is written grows as it has to", () => {
  const out = new JsonWriter();
  const row = rowOf("\u0001".repeat(3_000), "7");
  for (let time = 0; time < 100; time += 1) {
    out.text(row, 0);
    out.raw(row, 1);
  }
  const once = `"${"\\u0001".repeat(3_000)}"7`;
  expect(out.written().toString()).toBe(once.repeat(100));
  expect(out.length).toBe(once.length * 100);
});
