import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What `/proc/<pid>/clear_refs` takes to begin anew with the peak. */
const RESET_PEAK = "5";

/**
 * Begins to watch the resident memory of a process.
 *
 * @returns What answers its peak since then, in megabytes; null where the system does not tell.
 */
export function watchPeak(pid: number): () => number | null {
  const proc = `/proc/${pid}`;
  if (!existsSync(`${proc}/clear_refs`)) return () => null;
  writeFileSync(`${proc}/clear_refs`, RESET_PEAK);
  return () => {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`${proc}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) / 1_024;
  };
}
