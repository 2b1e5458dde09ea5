import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = new URL(".", import.meta.url);

/** They build a world in the product and ask it, which takes the product. */
const BRIDGE = [
  "stage.ts",
  "stage-links.ts",
  "stage-users.ts",
  "stage-jwts.ts",
  "stage-tokens.ts",
  "call-each.ts",
  "heard.ts",
  "heard-row.ts",
  "heard-groups.ts",
];

test("the reference takes nothing from the code that it is held against", () => {
  const files = readdirSync(FOLDER).filter(
    (name) => name.endsWith(".ts") && !BRIDGE.includes(name),
  );
  const imported = files.flatMap((name) => {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    return [...text.matchAll(/ from "([^"]+)";$/gm)].map(([, from]) => from ?? "");
  });
  const others = imported.filter((from) => !from.startsWith("./"));
  expect(new Set(others)).toEqual(new Set(["fast-check", "vitest", "node:fs"]));
  expect(imported).toContain("./model.ts");
  for (const name of BRIDGE) expect(imported).not.toContain(`./${name}`);
});
