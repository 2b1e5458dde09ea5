/* oxlint-disable node/no-process-env -- a file of variables is read into it */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { environment } from "../../src/cli/environment.ts";

const home = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fieldgate-env-"));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
  delete process.env["FIELDGATE_TEST"];
});

const write = (text: string) => writeFileSync(join(folder, ".env"), text);
const read = () => environment(process.env)["FIELDGATE_TEST"];

describe("a .env file", () => {
  test("need not be there", () => {
    expect(read()).toBeUndefined();
  });

  test.each([
    ["a value", "FIELDGATE_TEST=a b", "a b"],
    ["comments and empty lines", "# none\n\n# none\nFIELDGATE_TEST=a # b\n", "a"],
    ["lines as Windows ends them", "A_1=x\r\nFIELDGATE_TEST=a\r\n", "a"],
    ["a value of several lines", 'FIELDGATE_TEST="a\nb c"\nB=2', "a\nb c"],
    ["export, and space around", "export FIELDGATE_TEST = 'a=b' # it's so", "a=b"],
    ["nothing", "FIELDGATE_TEST=", ""],
  ])("may have %s", (_what, text, value) => {
    write(text);
    expect(read()).toBe(value);
  });

  test.each([
    ["no sign of equality", "PORT 4000", 1],
    ["another sign", "A=1\n\nPORT: 4000", 3],
    ["a space before a comment", "A=1\n # none\nFIELDGATE_TEST=a", 2],
    ["a line of spaces", "A=1\n  \nFIELDGATE_TEST=a", 2],
    ["a text after a value of several lines", 'A="1\n2"\nhunter2 is the password', 3],
    ["a quotation that does not end", 'A="1\n2', 2],
  ])("with %s is refused by the line, which is not repeated", (_what, text, line) => {
    write(text);
    expect(read).toThrow(
      `Line ${line} of .env has to be NAME=value or a # comment, with no space before it, or empty. Correct it. (It is not repeated here: it may hold a password.)`,
    );
  });

  test("that cannot be read is refused", () => {
    mkdirSync(join(folder, ".env"));
    expect(read).toThrow(
      /^\.env cannot be read: EISDIR.+ Make it a file that this user may read, or remove it\.$/,
    );
  });
});
