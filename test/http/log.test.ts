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

test("the log says nothing below its level", () => {
  const lines: string[] = [];
  const log = createLog("warn", { write: (line) => void lines.push(line) });
  log.info("not said");
  log.warn("said");
  expect(lines).toHaveLength(1);
});
