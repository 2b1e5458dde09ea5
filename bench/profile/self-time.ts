import type { Profiler } from "node:inspector/promises";

/** Where the time of a profile went: the milliseconds of each function or module, itself and not what it calls. */
export interface SelfTime {
  /** What neither waited nor belongs to the profiler. */
  readonly busy: number;
  /** The milliseconds in which nothing ran: the database, or the client, was at work. */
  readonly idle: number;
  readonly modules: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
}

/** Sums up the samples of a profile. */
export function selfTime({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): SelfTime {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const modules = new Map<string, number>();
  const functions = new Map<string, number>();
  let [busy, idle] = [0, 0];
  samples.forEach((id, at) => {
    const frame = frames.get(id);
    const ms = (timeDeltas[at] ?? 0) / 1_000;
    if (!frame) return;
    if (WAITING.has(frame.functionName)) {
      idle += ms;
      return;
    }
    busy += ms;
    add(modules, moduleOf(frame), ms);
    add(functions, `${frame.functionName || "(anonymous)"} ${placeOf(frame)}`.trim(), ms);
  });
  return { busy, idle, modules: sorted(modules), functions: sorted(functions) };
}

/** What V8 calls the time in which no JavaScript runs. */
const WAITING: ReadonlySet<string> = new Set(["(idle)", "(program)"]);

type Frame = Profiler.Profile["nodes"][number]["callFrame"];

/** The package, Node's own modules, the folder of ours, or what of V8 it is. */
function moduleOf({ url, functionName }: Frame): string {
  if (url === "") return functionName.startsWith("(") ? functionName : "(native code)";
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const [, folder] = /\/(src\/.+)\/[^/]+$/.exec(url) ?? [];
  return dependency ?? folder ?? (url.startsWith("node:") ? "node" : "other");
}

/** Of our own modules without the line, which is that of the compiled text. */
function placeOf({ url, lineNumber }: Frame): string {
  const [, ours] = /\/(src\/.+)$/.exec(url) ?? [];
  const [, dependency] = /.*\/node_modules\/(.+)$/.exec(url) ?? [];
  if (dependency === undefined && ours !== undefined) return ours;
  return url === "" ? "" : `${dependency ?? url}:${lineNumber + 1}`;
}

function add(sums: Map<string, number>, name: string, ms: number): void {
  sums.set(name, (sums.get(name) ?? 0) + ms);
}

const sorted = (sums: Map<string, number>): ReadonlyMap<string, number> =>
  new Map([...sums].toSorted(([, a], [, b]) => b - a));
