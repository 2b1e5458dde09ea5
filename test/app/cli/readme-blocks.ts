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
  return blocksOf("README.md");
}

/** The fenced blocks of a page, in their order. @param path From the root of the repository. */
export function blocksOf(path: string): Block[] {
  const page = readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
  return Array.from(
    page.matchAll(/^```(\w+) ?([^\n]*)\n([^]*?)^```$/gm),
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
