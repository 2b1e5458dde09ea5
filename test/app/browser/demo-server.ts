import { readFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedPlace } from "../cli/place.ts";
import { aServer } from "../cli/program.ts";

/** A server with the demo alone, in an embedded database of its own. */
export interface DemoServer {
  readonly endpoint: string;
  readonly keys: { readonly administrator: string; readonly analyst: string };
  /** Stops it and deletes what it kept. */
  readonly stop: () => Promise<void>;
}

/** Starts the server in an empty folder, where it makes the demo by itself. */
export async function startDemoServer(): Promise<DemoServer> {
  const place = embeddedPlace();
  const server = await aServer(place, { FIELDGATE_DEMO: "" });
  const file = readFileSync(join(place.dataDir, "demo-keys.json"), "utf8");
  const { keys } = JSON.parse(file) as Pick<DemoServer, "keys">;
  const stop = async () => {
    await server.stop();
    await place.drop();
  };
  return { endpoint: `${server.address}/graphql`, keys, stop };
}
