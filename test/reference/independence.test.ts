import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = new URL(".", import.meta.url);

/** It builds a world in the product, which takes asking the product. */
const BRIDGE = "stage.ts";

test("the reference takes nothing from the code that it is held against", () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".ts") && name !== BRIDGE);
  const imported = files.flatMap((name) => {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    return [...text.matchAll(/ from "([^"]+)";$/gm)].map(([, from]) => from ?? "");
  });
  const others = imported.filter((from) => !from.startsWith("./"));
  expect(new Set(others)).toEqual(new Set(["fast-check", "vitest", "node:fs"]));
  expect(imported).toContain("./model.ts");
  expect(imported).not.toContain(`./${BRIDGE}`);
});
