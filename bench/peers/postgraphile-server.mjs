/** Serves the database of its environment with PostGraphile, under the PostgreSQL role that it is given. */
import { once } from "node:events";
import { createServer } from "node:http";
import process from "node:process";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const [, , role, max] = process.argv;
const api = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ["public"],
      poolConfig: { max: Number(max) },
    }),
  ],
  grafast: { context: () => ({ pgSettings: { role } }) },
  grafserv: { graphiql: false, watch: false },
});
const server = createServer();
await api.createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1");
await once(server, "listening");
process.once("disconnect", () => process.exit());
process.send({ address: `http://127.0.0.1:${server.address().port}` });
