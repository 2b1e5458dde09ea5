import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { DemoFile } from "../../../src/cli/demo/demo-file.ts";
import { aBusyPort, embeddedPlace } from "../cli/place.ts";
import { aServer, type Ask, type Program, run } from "../cli/program.ts";

const SITE = fileURLToPath(new URL("../../../examples/embed/server.mjs", import.meta.url));

/** The embedding example beside a server with the demo. */
export interface EmbedSite {
  /** Where its pages are. */
  readonly origin: string;
  /** Where Fieldgate is. */
  readonly endpoint: string;
  /** Asks Fieldgate as the administrator. */
  readonly ask: <Data>(query: string, variables?: object) => Promise<Data>;
  /** Stops both and deletes what was kept. */
  readonly stop: () => Promise<void>;
}

/** Starts both as its README says. @param framedBy The sites that may frame its pages. */
export async function startEmbedSite(framedBy = ""): Promise<EmbedSite> {
  const place = embeddedPlace();
  const { port, free } = await aBusyPort();
  await free();
  const origin = `http://127.0.0.1:${port}`;
  const server = await aServer(place, { FIELDGATE_DEMO: "", FIELDGATE_CORS_ORIGINS: origin });
  const site = run([SITE], { ...place.env, PORT: port, FRAMED_BY: framedBy });
  await untilOpen(site);
  const file = readFileSync(join(place.dataDir, "demo-keys.json"), "utf8");
  const { keys } = JSON.parse(file) as Pick<DemoFile, "keys">;
  const ask = <Data>(...asked: [string, object?]) =>
    server.ask<Data>(keys.administrator, ...asked) satisfies ReturnType<Ask>;
  const stop = async () => {
    await site.kill();
    await server.stop();
    await place.drop();
  };
  return { origin, endpoint: `${server.address}/graphql`, ask, stop };
}

async function untilOpen({ child, ended }: Program): Promise<void> {
  if (!child.stdout) throw new Error("The site has no standard output.");
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith("Open ")) return;
  }
  throw new Error(`The site ended: ${(await ended).stderr}`);
}
