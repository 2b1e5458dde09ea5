import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { embeddedPlace } from "../app/cli/place.ts";
import { fieldgate } from "../app/cli/program.ts";

const place = embeddedPlace();
afterAll(place.drop);
writeFileSync(join(place.folder, "letter.txt"), "Dear all\n");
mkdirSync(join(place.folder, "folder.csv"));

describe("a command that cannot be meant says what can", () => {
  test.each([
    ["nothing at all", [], "Usage: fieldgate [options] [command]"],
    ["a typo", ["tenat"], "(Did you mean tenant?)"],
    ["half a command", ["tenant"], "create [options] <slug>"],
    ["no slug", ["tenant", "create"], "missing required argument 'slug'"],
    ["no name", ["import", "a.csv"], "required option '--dataset <name>' not specified"],
    ["an option of nobody", ["tenant", "list", "--all"], "unknown option '--all'"],
    ["a typo of a command of a command", ["tenant", "crate"], "(Did you mean create?)"],
    [
      "a typo of an option",
      ["import", "a.csv", "--datset=x"],
      `unknown option '--datset'. Did you mean "--dataset"`,
    ],
    ["and shows how it is used", ["import"], "Examples:\n  npx fieldgate import sales.csv"],
  ])("%s", async (_what, args, words) => {
    const { code, stdout, stderr } = await fieldgate(place, args).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(words);
  });
});

test("--help is what was asked for, so it goes to standard output", async () => {
  const { code, stdout, stderr } = await fieldgate(place, ["--help"]).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/serve[^]+tenant[^]+import[^]+Examples:[^]+README\.md/);
  const commands = /Commands:\n([^]+?)\n\n/.exec(stdout)?.[1]?.split("\n");
  expect(commands).toHaveLength(6);
});

test("every command has examples in its help, which name it", async () => {
  const commands = [["serve"], ["tenant"], ["tenant", "create"], ["import"], ["key", "create"]];
  const helps = await Promise.all(
    commands.map((command) => fieldgate(place, [...command, "--help"]).ended),
  );
  for (const [index, { code, stdout }] of helps.entries()) {
    expect(code).toBe(0);
    expect(stdout.split("Examples:")[1]).toContain(`npx fieldgate ${commands[index]?.join(" ")}`);
  }
});

test("--version is that of the package", async () => {
  const { version } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  expect((await fieldgate(place, ["--version"]).ended).stdout).toBe(`${version}\n`);
});

describe("what cannot be imported is known before a database is made", () => {
  test.each([
    ["a file that is not there", "none.csv", "Cannot read none.csv: there is no such file.\n"],
    ["a folder", "folder.csv", "Cannot read folder.csv: it is no file.\n"],
    ["a letter", "letter.txt", "letter.txt is none of .csv, .json and .jsonl.\n"],
  ])("%s", async (_what, file, words) => {
    const ended = await fieldgate(place, ["import", file, "--dataset", "sales"]).ended;
    expect(ended).toEqual({ code: 1, signal: null, stdout: "", stderr: words });
    expect(existsSync(place.dataDir)).toBe(false);
  });

  test("a name that no dataset can have", async () => {
    const { code, stderr } = await fieldgate(place, ["import", "a.csv", "--dataset", "A-1"]).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^"A-1" is no name of a dataset: 1 to 63 of a-z, 0-9 and _/);
    expect(existsSync(place.dataDir)).toBe(false);
  });
});

test("a wrong environment is reported with every fault at once, and a password in it never", async () => {
  const wrong = { PORT: "99999", FIELDGATE_DEMO: "yes", DATABASE_URL: "http://me:secret@host" };
  const { code, stdout, stderr } = await fieldgate(place, ["tenant", "list"], wrong).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/DATABASE_URL must be[^]+PORT must be[^]+FIELDGATE_DEMO must be/);
  expect(stderr).not.toContain("secret");
  expect(existsSync(place.dataDir)).toBe(false);
});

describe("a PostgreSQL that cannot be reached is said so", () => {
  test.each([
    [
      "nobody listens",
      "postgres://me@127.0.0.1:1/db",
      "not reached at 127.0.0.1:1 (ECONNREFUSED).",
    ],
    ["no such host", "postgres://me@nowhere.invalid/db", "not reached at nowhere.invalid (E"],
  ])("%s", async (_what, DATABASE_URL, words) => {
    const { code, stdout, stderr } = await fieldgate(place, ["tenant", "list"], { DATABASE_URL })
      .ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toContain("Check that it runs and that DATABASE_URL names its host and port.\n");
  });
});

describe("a data folder that cannot be used is left alone", () => {
  test.each([
    ["it is a file", "letter.txt", /cannot be used: it is a file.+ or name another\.\n$/],
    ["it holds something else", ".", /is open to other users and holds other files/],
  ])("%s", async (_what, path, words) => {
    chmodSync(place.folder, 0o755);
    const FIELDGATE_DATA_DIR = join(place.folder, path);
    const { code, stdout, stderr } = await fieldgate(place, ["serve"], { FIELDGATE_DATA_DIR })
      .ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});
