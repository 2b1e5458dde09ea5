import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = new URL("../..", import.meta.url).pathname;

/** A place that is like this repository, but that files can be changed in. */
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "fieldgate-bundle-"));
  for (const name of ["src", "prisma", "package.json", "package-lock.json"]) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
  mkdirSync(join(copy, "node_modules"));
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (name === ".cache") continue;
    symlinkSync(join(ROOT, "node_modules", name), join(copy, "node_modules", name));
  }
});

afterAll(() => rmSync(copy, { recursive: true }));

test("The program runs as its sources are, from wherever it is begun, and makes its bundle once for them", () => {
  const folder = join(copy, "node_modules/.cache/fieldgate");
  expect(help()).toMatch(/make and list tenants\n/);
  const made = readdirSync(folder);
  expect(made).toHaveLength(1);
  help();
  expect(readdirSync(folder)).toEqual(made);

  const path = join(copy, "src/cli/command.ts");
  const source = readFileSync(path, "utf8");
  writeFileSync(path, source.replace("make and list tenants", "make many tenants"));
  expect(help()).toMatch(/make many tenants\n/);
  expect(readdirSync(folder)).toHaveLength(2);
});

function help(): string {
  const args = [join(copy, "src/cli/bin.mjs"), "--help"];
  return spawnSync(process.execPath, args, { cwd: tmpdir(), env: {}, encoding: "utf8" }).stdout;
}
