import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CHECKOUT = fileURLToPath(new URL("../..", import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that its process had resident, in MiB; null where the system does not tell. */
  readonly peak: number | null;
}

/** A server that runs in the clone. */
export interface Running {
  readonly address: string;
  readonly stop: () => Promise<Ended>;
}

/** A clone of what is committed, in a folder of its own, for somebody who has nothing but Node and npm. */
export class FreshClone {
  readonly #place = mkdtempSync(join(tmpdir(), "fieldgate-first-hour-"));
  readonly folder = join(this.#place, "fieldgate");
  readonly #running = new Set<ChildProcess>();
  readonly #env: Readonly<Record<string, string>>;

  constructor() {
    const home = join(this.#place, "home");
    mkdirSync(home);
    this.#env = {
      HOME: home,
      PATH: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
      // What npm has fetched before, and from where: an empty home would forget both.
      npm_config_cache: npmConfig("cache"),
      npm_config_registry: npmConfig("registry"),
      npm_config_prefer_offline: "true",
      npm_config_update_notifier: "false",
    };
  }

  clone(): void {
    execFileSync("git", ["clone", "--quiet", CHECKOUT, this.folder], { stdio: "inherit" });
  }

  /** Runs a line of a shell in the clone, as it would be typed there. */
  async sh(line: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const child = this.#spawn(line, env);
    return await endOf(child);
  }

  /** Runs a line that serves, and waits until it listens. */
  async serve(line: string, env: Readonly<Record<string, string>> = {}): Promise<Running> {
    const child = this.#spawn(line, env);
    const ended = endOf(child);
    const address = await addressOf(child);
    if (address === null) throw new Error(`It does not listen: ${(await ended).stderr}`);
    const stop = async () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
      return await ended;
    };
    return { address, stop };
  }

  /** Ends what still runs, and takes the folder away. */
  remove(): void {
    for (const { pid } of this.#running) if (pid !== undefined) process.kill(-pid, "SIGKILL");
    rmSync(this.#place, { recursive: true, force: true });
  }

  #spawn(line: string, env: Readonly<Record<string, string>>): ChildProcess {
    const child = spawn("bash", ["-euo", "pipefail", "-c", line], {
      cwd: this.folder,
      env: { ...this.#env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#running.add(child);
    child.once("close", () => this.#running.delete(child));
    return child;
  }
}

function npmConfig(name: string): string {
  return execFileSync("npm", ["config", "get", name], { encoding: "utf8" }).trim();
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  let peak: number | null = null;
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const watch = setInterval(() => (peak = peakOf(child.pid) ?? peak), 50);
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", (ended) => resolve(ended));
  });
  clearInterval(watch);
  return { code, stdout, stderr, peak };
}

/** Of a line that ends in `exec`, so that the shell becomes the process. */
function peakOf(pid: number | undefined): number | null {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return null;
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, "utf8"))?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}

async function addressOf({ stdout }: ChildProcess): Promise<string | null> {
  if (!stdout) return null;
  for await (const line of createInterface({ input: stdout })) {
    const address = line.includes('"msg":"listening"') && /"address":"([^"]+)"/.exec(line)?.[1];
    if (address) return address;
  }
  return null;
}
