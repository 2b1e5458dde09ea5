import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

const ROOT = new URL("..", import.meta.url).pathname;

/** A place that is like this repository, but that files can be changed in. */
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "fieldgate-codegen-"));
  for (const name of ["src", "node_modules"]) symlinkSync(join(ROOT, name), join(copy, name));
  for (const name of [
    "codegen.ts",
    "package.json",
    "schema.graphql",
    "test/app/e2e",
    "test/generated",
  ]) {
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  }
});

afterAll(() => rmSync(copy, { recursive: true }));

// Each run takes some seconds: it loads the whole of the API.
vi.setConfig({ testTimeout: 120_000 });

it("What is generated is up to date, and that can be told without an environment or a database", () => {
  expect(codegen("--check")).toEqual({ status: 0, stderr: "" });
});

it("What is out of date is refused, with what to do about it, and printed anew", () => {
  const paths = ["schema.graphql", "test/generated/documents.ts"];
  for (const path of paths) writeFileSync(join(copy, path), "");

  expect(codegen("--check")).toEqual({
    status: 1,
    stderr: paths
      .map((path) => `${path} is out of date. Run npm run codegen and commit it.\n`)
      .join(""),
  });
  expect(codegen()).toEqual({ status: 0, stderr: "" });
  const printed = paths.map((path) => readFileSync(join(copy, path), "utf8"));
  expect(printed).toEqual(paths.map((path) => readFileSync(join(ROOT, path), "utf8")));
});

it("A document that asks for what the schema has not is refused", () => {
  const path = join(copy, "test/app/e2e/wrong.graphql");
  writeFileSync(path, "query Wrong { viewer { shoeSize } }");

  expect(codegen("--check")).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("shoeSize") as string,
  });
  rmSync(path);
});

function codegen(...options: string[]) {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "codegen.ts", ...options],
    { cwd: copy, env: {}, encoding: "utf8" },
  );
  return { status, stderr };
}
