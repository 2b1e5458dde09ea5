import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** Which process, so that no later one with the same number is taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The boot of the machine it runs in; empty where the system does not tell. */
  readonly boot: string;
  /** The container in whose numbering the pid counts; empty where there are none. */
  readonly namespace: string;
  /** When it started, in whatever the system counts; undefined where it does not tell. */
  readonly started: string | undefined;
}

/** Whether a process still runs; `unknown` where it runs, if at all, in another container. */
export type Liveness = "alive" | "dead" | "unknown";

/** Who this process is. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, ...surroundings(), started: startOf(process.pid) };
}

/** Judges by pid, boot and start time, never by age. */
export function livenessOf(identity: ProcessIdentity): Liveness {
  const here = surroundings();
  if (identity.boot !== here.boot) return "dead";
  if (identity.namespace !== here.namespace) return "unknown";
  if (!takesSignals(identity.pid)) return "dead";
  const started = startOf(identity.pid);
  if (started === undefined || identity.started === undefined) return "alive";
  return started === identity.started ? "alive" : "dead";
}

function surroundings(): { boot: string; namespace: string } {
  return {
    boot: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()) ?? "",
    namespace: attempt(() => readlinkSync("/proc/self/ns/pid")) ?? "",
  };
}

function takesSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function startOf(pid: number): string | undefined {
  return attempt(() => startInProc(pid)) ?? attempt(() => startFromPs(pid));
}

/** proc(5): field 3 is the state, field 22 the start in clock ticks since boot. */
function startInProc(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  // A process that was killed and not yet collected holds nothing any more.
  return state === "Z" || state === "X" ? "ended" : String(started);
}

function startFromPs(pid: number): string {
  const env = { PATH: "/bin:/usr/bin", LC_ALL: "C", TZ: "UTC" };
  return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
