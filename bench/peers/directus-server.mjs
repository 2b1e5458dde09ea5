/** Serves the database of its environment with Directus. */
import { once } from "node:events";
import process from "node:process";
import { createServer } from "@directus/api/server";

const server = await createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.once("disconnect", () => process.exit());
process.send({ address: `http://127.0.0.1:${server.address().port}` });
