import { expect, test } from "vitest";
import { printable } from "../../src/cli/print.ts";

test("what is printed cannot command the terminal, nor turn the text around it", () => {
  expect(printable("a\u001B]0;title\u0007b\u009Bc\u202Ed\u2028e")).toBe(
    "a\uFFFD]0;title\uFFFDb\uFFFDc\uFFFDd\uFFFDe",
  );
  expect(printable("Größe\t名\n🐧\n")).toBe("Größe\t名\n🐧\n");
});
