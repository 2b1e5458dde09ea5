import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

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

it("What is generated is up to date, and that can be told without an environment or a database", () => {
  expect(codegen("--check")).toEqual({ status: 0, stderr: "" });
});

it.each(["schema.graphql", "test/generated/documents.ts"])(
  "A %s that is out of date is refused, with what to do about it, and printed anew",
  (path) => {
    writeFileSync(join(copy, path), "");

    expect(codegen("--check")).toEqual({
      status: 1,
      stderr: `${path} is out of date. Run npm run codegen and commit it.\n`,
    });
    expect(codegen()).toEqual({ status: 0, stderr: "" });
    expect(codegen("--check")).toEqual({ status: 0, stderr: "" });
  },
);

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
