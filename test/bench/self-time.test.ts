import type { Profiler } from "node:inspector/promises";
import { expect, test } from "vitest";
import { selfTime } from "../../bench/profile/self-time.ts";

const node = (id: number, functionName: string, url: string): Profiler.ProfileNode => ({
  id,
  callFrame: { functionName, url, scriptId: "0", lineNumber: 4, columnNumber: 0 },
});

test("The self time of a profile is summed up by function and by module, without what waits", () => {
  const profile: Profiler.Profile = {
    nodes: [
      node(1, "parse", "file:///home/one/node_modules/@scope/name/lib/parse.js"),
      node(2, "", "file:///home/one/src/domain/row/rows.ts"),
      node(3, "(idle)", ""),
      node(4, "writev", ""),
      node(5, "emit", "node:events"),
    ],
    startTime: 0,
    endTime: 16_000,
    samples: [1, 2, 3, 1, 4, 5],
    timeDeltas: [1_000, 4_000, 8_000, 1_000, 500, 1_500],
  };

  const { busy, idle, modules, functions } = selfTime(profile);

  expect({ busy, idle }).toEqual({ busy: 8, idle: 8 });
  expect([...modules]).toEqual([
    ["src/domain/row", 4],
    ["@scope/name", 2],
    ["node", 1.5],
    ["(native code)", 0.5],
  ]);
  expect([...functions]).toEqual([
    ["(anonymous) src/domain/row/rows.ts", 4],
    ["parse @scope/name/lib/parse.js:5", 2],
    ["emit node:events:5", 1.5],
    ["writev", 0.5],
  ]);
});
