/**
 * Shows where the server's processor time goes while it answers one kind of request again and again:
 * `npm run bench:profile -- --case values-10000`. What is before the dash is a way of asking (see
 * `requests/endpoints.ts`), what is behind it how many rows an answer has.
 */
import { writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import { postgresServer } from "../../test/support/postgres-server.ts";
import { progress } from "../progress.ts";
import { profile } from "./profile.ts";
import { report } from "./report.ts";

const { values } = parseArgs({
  options: {
    case: { type: "string", default: "values-10000" },
    rows: { type: "string", default: "100000" },
    seconds: { type: "string", default: "5" },
    pglite: { type: "boolean", default: false },
    /** Where to leave the profile for a browser's developer tools. */
    out: { type: "string" },
  },
});
const [, way = "", first = ""] = /^([a-z]+)-(\d+)$/.exec(values.case) ?? [];
const server = values.pglite ? null : await postgresServer("DATABASE_URL");
const { say, end } = progress();
const profiled = await profile({
  way,
  first: Number(first),
  seconds: Number(values.seconds),
  rows: Number(values.rows),
  postgres: server?.url ?? null,
  say,
});
end();
process.stdout.write(report(values.case, profiled));
if (values.out !== undefined) writeFileSync(values.out, JSON.stringify(profiled.profile));
