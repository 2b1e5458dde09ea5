import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Place } from "./place.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** The command `fieldgate`. */
export const BIN = fileURLToPath(new URL("../../../src/cli/bin.mjs", import.meta.url));

/** How a process ended, and all that it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process of the program. */
export interface Program {
  readonly child: ChildProcess;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<Ended>;
  /** Kills it without a word, as a crash would, and waits until it is gone. */
  readonly kill: () => Promise<Ended>;
}

/** A process that serves. */
export interface Server extends Program {
  readonly address: string;
  /** Asks it to stop and waits until it has. */
  readonly stop: () => Promise<Ended>;
  /** Sends a document that has to succeed. Fails with a TypeError where the connection breaks. */
  readonly ask: Ask;
}

/** How a document is sent: its data come back. */
export type Ask = <Data>(key: string, query: string, variables?: object) => Promise<Data>;

/** The environment of a process beyond that of its place. */
export type Env = Readonly<Record<string, string>>;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Runs `npx fieldgate …` from a folder that is not the checkout. */
export function fieldgate(place: Place, args: readonly string[], env: Env = {}): Program {
  return run([BIN, ...args], { ...place.env, ...env }, place.folder);
}

/** Starts the server as `npm start` does, whether or not it comes to listen. */
export function startServer(place: Place, env: Env = {}): Program {
  return run([BIN, "serve"], { ...place.env, ...env });
}

/** Starts the server and waits until it listens. */
export async function aServer(place: Place, env: Env = {}): Promise<Server> {
  const program = startServer(place, env);
  const address = await addressOf(program);
  const stop = () => {
    program.child.kill("SIGTERM");
    return program.ended;
  };
  const ask: Ask = (key, query, variables) => askAt(address, key, { query, variables });
  return { ...program, address, stop, ask };
}

/** Starts a program of Node's. @param env Its whole environment. */
export function run(args: readonly string[], env: Env, cwd: string = ROOT): Program {
  const child = spawn(process.execPath, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  const ended = endOf(child).finally(() => running.delete(child));
  const kill = () => {
    child.kill("SIGKILL");
    return ended;
  };
  return { child, ended, kill };
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

async function addressOf({ child, ended }: Program): Promise<string> {
  if (!child.stdout) throw new Error("The server has no standard output.");
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, address } = logLine(line);
    if (msg === "listening" && address !== undefined) return address;
  }
  const { code, stderr } = await ended;
  throw new Error(`The server ended with ${code} before it listened: ${stderr}`);
}

function logLine(line: string): { msg?: string; address?: string } {
  return line.startsWith("{") ? (JSON.parse(line) as { msg?: string; address?: string }) : {};
}

async function askAt<Data>(address: string, key: string, body: object): Promise<Data> {
  const response = await fetch(`${address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": key },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
  if (!data || errors) throw new Error(`The document failed: ${JSON.stringify(errors)}`);
  return data;
}
