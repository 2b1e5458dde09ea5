import { figure, shown, table } from "../table.ts";
import type { Profiled } from "./profile.ts";
import { selfTime } from "./self-time.ts";

/** How many modules and functions are listed. */
const MOST = { modules: 15, functions: 30 };

/** Where the time went, as Markdown: by module, and by function. */
export function report(name: string, { requests, milliseconds, profile }: Profiled): string {
  const { busy, idle, modules, functions } = selfTime(profile);
  const lines = (sums: ReadonlyMap<string, number>, most: number) =>
    [...sums]
      .slice(0, most)
      .map(([what, ms]) => [what, `${((ms / busy) * 100).toFixed(1)} %`, figure(ms / requests)]);
  return [
    `${name}: ${requests} requests in ${shown(milliseconds)} ms each; the server's JavaScript ran ${figure(busy / requests)} ms of each, and waited ${figure(idle / requests)} ms`,
    "",
    table(["module, without what it calls", "share", "ms a request"], lines(modules, MOST.modules)),
    "",
    table(["function, the same", "share", "ms a request"], lines(functions, MOST.functions)),
    "",
  ].join("\n");
}
