import { expect, test } from "vitest";
import { createLog } from "../../src/http/log.ts";

test("the log takes secrets out of headers", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const headers = {
    "x-api-key": "fgk_one",
    authorization: "Bearer fgk_two",
    cookie: "a=three",
    "set-cookie": "a=four",
    dpop: "five",
    host: "kept",
  };
  log.info({ headers, req: { headers }, ...headers }, "line");
  log.error({ err: Object.assign(new Error("no"), { headers }) }, "line");
  expect(lines.join("")).not.toMatch(/fgk_|three|four|five/);
  expect(lines.join("")).toContain("kept");
});

test("the log takes out the cells that an error of the database quotes", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const quoting = {
    code: "23505",
    detail: "Key (c1)=(a cell) already exists.",
    where: "COPY t, line 1: a cell",
  };
  log.error({ err: Object.assign(new Error("duplicate key"), quoting) }, "line");
  expect(lines.join("")).not.toContain("a cell");
  expect(lines.join("")).toContain("23505");
});

test("the log says nothing below its level", () => {
  const lines: string[] = [];
  const log = createLog("warn", { write: (line) => void lines.push(line) });
  log.info("not said");
  log.warn("said");
  expect(lines).toHaveLength(1);
});
