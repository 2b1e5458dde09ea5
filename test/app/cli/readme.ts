import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { DemoFile } from "../../../src/cli/demo/demo-file.ts";
import { hold } from "../kills/scene.ts";
import type { Place } from "./place.ts";
import { BIN, type Server } from "./program.ts";
import { type Block, isExample, isStart, readmeBlocks } from "./readme-blocks.ts";

/**
 * Does what the README says, on a server with the demo, and finds what it promises. The lines that install
 * and start the program are those that started this server, and those of a fresh clone.
 */
export async function expectReadme(place: Place, server: Server, demo: DemoFile): Promise<void> {
  const blocks = readmeBlocks();
  expect(blocks.filter(isStart).map(({ text }) => text)).toEqual(STARTS);
  mkdirSync(join(place.folder, "node_modules", ".bin"), { recursive: true });
  symlinkSync(BIN, join(place.folder, "node_modules", ".bin", "fieldgate"));
  const shell = new Shell(place, server);
  let asked = "";
  for (const block of blocks.filter((each) => !isStart(each) && !isExample(each))) {
    if (block.language === "sh") await shell.run(block);
    else if (block.language === "graphql") asked = block.text;
    else if (block.language === "json" && block.info === "answer") {
      expect(JSON.parse(shell.answer)).toEqual(JSON.parse(block.text));
    } else if (block.language === "json") {
      expect(await server.ask(keyOf(demo, block), asked)).toEqual(JSON.parse(block.text));
    } else expect(block.language).toBe("text");
    if (block.language === "graphql" && block.info !== "") {
      expect(await server.ask(keyOf(demo, block), block.text)).toBeTruthy();
    }
  }
  expect(shell.answers.join("")).toContain("Columns that you may read: title, ");
}

const STARTS = [
  "npm ci && npm start\n",
  "npm ci && npm test\n",
  "DATABASE_URL=postgres://user:password@host:5432/fieldgate FIELDGATE_DEMO=1 npm start\n",
];

function keyOf({ keys }: DemoFile, { info }: Block): string {
  const key = keys[info as keyof DemoFile["keys"]];
  if (!key) throw new Error(`The demo has no key ${info}.`);
  return key;
}

/** Where node and npx are, and the tools of every system. */
export const PATH = [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter);

/** Runs blocks one after the other, from a folder where the program is installed. */
class Shell {
  readonly answers: string[] = [];
  readonly #place: Place;
  readonly #server: Server;

  constructor(place: Place, server: Server) {
    this.#place = place;
    this.#server = server;
  }

  get answer(): string {
    return this.answers.at(-1) ?? "";
  }

  async run({ text }: Block): Promise<void> {
    const { folder, dataDir, env } = this.#place;
    const script = text
      .replaceAll("http://127.0.0.1:4000", this.#server.address)
      .replaceAll("./.fieldgate/", `${dataDir}/`);
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
      cwd: folder,
      env: { ...env, PATH, HOME: folder },
    });
    hold(stdout !== "", `this says something: ${text}`);
    this.answers.push(stdout);
  }
}
