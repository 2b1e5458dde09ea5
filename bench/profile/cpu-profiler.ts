import { type Profiler, Session } from "node:inspector/promises";

/** Profiles the process that it is made in, between two moments. */
export function cpuProfiler() {
  const session = new Session();
  return {
    start: async (): Promise<void> => {
      session.connect();
      await session.post("Profiler.enable");
      await session.post("Profiler.setSamplingInterval", { interval: INTERVAL_US });
      await session.post("Profiler.start");
    },
    stop: async (): Promise<Profiler.Profile> => {
      const { profile } = await session.post("Profiler.stop");
      session.disconnect();
      return profile;
    },
  };
}

const INTERVAL_US = 500;
