import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The Node that peers run on. */
export const PEERS_NODE = fileURLToPath(new URL("node_modules/node/bin/node", import.meta.url));

/** Whether `npm run bench:peers` was run. */
export const isInstalled = (): boolean =>
  existsSync(PEERS_NODE) && existsSync(new URL("node_modules/directus", import.meta.url));

/** What to say where they are not. */
export const HOW_TO_INSTALL =
  "PostGraphile and Directus are not measured: npm run bench:peers installs them.";

/** How many connections every subject may have, as Fieldgate's own pool does. */
export const CONNECTIONS = "10";

/** What every peer's connections are set to, as Fieldgate's are. */
export const SETTINGS = { PGOPTIONS: "-c jit=off -c timezone=UTC" };
