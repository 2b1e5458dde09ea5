import { readFileSync } from "node:fs";

/** A fenced block of a Markdown file. */
export interface Block {
  readonly language: string;
  /** What stands behind the language: whose key asks, or whose answer it is. */
  readonly info: string;
  readonly text: string;
}

/** The fenced blocks of the README, in their order. */
export function readmeBlocks(): Block[] {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  return Array.from(
    readme.matchAll(/^```(\w+) ?([^\n]*)\n([^]*?)^```$/gm),
    ([, language = "", info = "", text = ""]) => ({ language, info, text }),
  );
}

/** Those that bring up the program itself, and those that are done while it runs. */
export function isStart({ language, text }: Block): boolean {
  return language === "sh" && /npm (ci|start|test)/.test(text);
}

/** Those of the worked example, which stands for itself. */
export function isExample({ info }: Block): boolean {
  return info.startsWith("example ");
}
