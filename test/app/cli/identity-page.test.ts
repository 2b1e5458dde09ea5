import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, onTestFinished, test } from "vitest";
import { aBusyPort, aPlace, type Place } from "./place.ts";
import { aServer } from "./program.ts";
import { PATH } from "./readme.ts";
import { type Block, blocksOf } from "./readme-blocks.ts";

const SECRET = "as-good-as-a-password";

test("docs/identity.md says what happens, from its first block to its last", async () => {
  const place = await aPlace(inject("database"));
  onTestFinished(place.drop);
  const hook = await aHook(place);
  onTestFinished(hook.close);
  const server = await aServer(place, {
    FIELDGATE_DEMO: "1",
    FIELDGATE_ALLOW_PRIVATE_ADDRESSES: "1",
    FIELDGATE_IDENTITY_HOOK_URL: hook.url,
    FIELDGATE_IDENTITY_HOOK_SECRET: SECRET,
  });
  onTestFinished(() => server.stop().then(() => undefined));
  const blocks = await placed(place, server.address);
  const answers = await run(place, blocks.filter(isCommand));
  const before = (at: number) => blocks.slice(0, at).filter(isCommand).length - 1;
  const given = blocks.flatMap(({ info }, at) =>
    info === "answer" ? [JSON.parse(answers[before(at)] ?? "") as unknown] : [],
  );
  expect(given.length).toBeGreaterThan(15);
  expect(given).toEqual(blocks.filter(({ info }) => info === "answer").map(like));
  expect(hook.resets).toEqual(blocks.filter(({ info }) => info === "posted").map(like));
  expect(hook.secrets).toEqual(new Set([`Bearer ${SECRET}`]));
});

const isCommand = ({ language }: Block) => language === "sh";

/** What takes messages to users in the place of somebody who sends mail, and leaves the tokens in files. */
async function aHook({ folder }: Place) {
  const resets: unknown[] = [];
  const secrets = new Set<string | undefined>();
  const take = async (request: IncomingMessage) => {
    const message = (await json(request)) as { kind: string; token: string };
    secrets.add(request.headers.authorization);
    if (message.kind !== "RESET_PASSWORD") return;
    resets.push(message);
    writeFileSync(join(folder, "reset-token"), message.token);
  };
  const server = createServer((request, response) => {
    void take(request).finally(() => response.end());
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, resets, secrets, close };
}

/** The blocks of the page, of which the programs are there as files, as they are for this server. */
async function placed({ folder, dataDir }: Place, address: string): Promise<Block[]> {
  const { port, free } = await aBusyPort();
  await free();
  const blocks = blocksOf("docs/identity.md").map((block) => ({
    ...block,
    text: block.text
      .replaceAll("http://127.0.0.1:4000", address)
      .replaceAll("4002", port)
      .replaceAll("./.fieldgate/", `${dataDir}/`)
      // What the page has its reader copy.
      .replace("TOKEN=fgo_…", "TOKEN=$(until cat reset-token 2> /dev/null; do sleep 0.2; done)"),
  }));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  const jose = fileURLToPath(new URL("../../../node_modules/jose", import.meta.url));
  symlinkSync(jose, join(modules, "jose"));
  for (const { language, info, text } of blocks) {
    if (language === "js") writeFileSync(join(folder, info), text);
  }
  return blocks;
}

const END = "--- the end of a block ---";

/** Runs commands in one shell. @returns What each block wrote. */
async function run({ folder, env }: Place, commands: readonly Block[]): Promise<string[]> {
  const tidy = "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n";
  const script = tidy + commands.map(({ text }) => `${text}\necho '${END}'\n`).join("");
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], {
    cwd: folder,
    env: { ...env, PATH, HOME: folder },
    timeout: 200_000,
  });
  return stdout.split(END).slice(0, -1);
}

/** What a block of JSON shows, where an ellipsis stands for whatever comes there. */
function like({ text }: Block): unknown {
  return JSON.parse(text, (_name, value: unknown) => {
    if (typeof value !== "string" || !value.endsWith("…")) return value;
    const beginning = value.slice(0, -1);
    return expect.stringMatching(new RegExp(`^${beginning}.`)) as unknown;
  });
}
