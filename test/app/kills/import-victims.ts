import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { importDataset } from "../../../src/domain/import/import-dataset.ts";
import { ConflictError } from "../../../src/graphql/errors.ts";
import type { Place } from "../cli/place.ts";
import { aServer, type Ended, fieldgate, type Program, type Server } from "../cli/program.ts";
import { hold, type Kill, momentOf, type Scene, type Victim } from "./scene.ts";
import {
  ageImports,
  onDatabase,
  pendingImports,
  requireLogAgrees,
  requireNothingAstray,
} from "./storage.ts";

/** A file of real data, and what an import of it has to hold. */
export interface Source {
  readonly path: string;
  readonly rows: number;
  readonly checksum: string;
}

type Values = Readonly<Record<string, unknown>>;

/** Reads what a JSON file of the package vega-datasets has to become. Its headers are names already. */
export function sourceOf(file: string): Source {
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  const path = join(dirname(entry), "..", "data", file);
  const records = JSON.parse(readFileSync(path, "utf8")) as Values[];
  return { path, rows: records.length, checksum: checksum(records) };
}

function checksum(records: readonly Values[]): string {
  const hash = createHash("sha256");
  for (const record of records) {
    const cells = Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
    hash.update(JSON.stringify(cells));
  }
  return hash.digest("hex");
}

/** Both ways for an import to be killed; one after the other, as each has the database for itself. */
export function importsOf(scene: Scene, source: Source): (() => Promise<Victim>)[] {
  let length: Promise<Length> | undefined;
  const measured = () => (length ??= lengthOf(scene, source));
  return [
    async () => loneImport(scene, source, await measured()),
    async () => await servedImport(scene, source, await measured()),
  ];
}

/** How many milliseconds an import takes that is left alone, and how many of them it writes. */
interface Length {
  readonly whole: number;
  readonly writing: number;
}

async function lengthOf(scene: Scene, source: Source): Promise<Length> {
  const begun = performance.now();
  const program = importing(scene, source, "untouched");
  await untilWriting(scene.place, program);
  const wrote = performance.now();
  const { code, stderr } = await program.ended;
  hold(code === 0, `an import that is left alone succeeds: ${stderr}`);
  return { whole: performance.now() - begun, writing: performance.now() - wrote };
}

/** Waits for a moment of an import: by turns any at all, and one in which it writes. */
async function untilMoment({ place }: Scene, program: Program, length: Length, turn: number) {
  if (turn % 2 === 0) return await sleep(momentOf(length.whole, { from: 0, to: 1.1 }));
  await untilWriting(place, program);
  await sleep(momentOf(length.writing, { from: 0, to: 1.1 }));
}

/** Waits until an import has begun to write, or has ended. */
async function untilWriting(place: Place, program: Program): Promise<void> {
  while (program.child.exitCode === null) {
    // Without a socket nobody holds the embedded database, and asking would take it from the import.
    const isHeld = place.kind === "PostgreSQL" || existsSync(join(place.dataDir, "socket"));
    if (isHeld && (await pendingImports(place)) > 0) return;
    await sleep(10);
  }
}

/** An import by a process that opens the database itself is killed. */
function loneImport(scene: Scene, source: Source, length: Length): Victim {
  const { place } = scene;
  let turn = 0;
  return {
    name: "import, the command killed",
    once: async () => {
      const name = `lone_${(turn += 1)}`;
      const program = importing(scene, source, name);
      await untilMoment(scene, program, length, turn);
      const ended = await program.kill();
      const server = await aServer(place);
      const kill = await looked(scene, server, { source, name, ended });
      hold((await server.stop()).code === 0, "a server that is asked to stop ends with 0");
      return kill;
    },
    end: () => sweep(scene, source),
  };
}

/** An import goes on while the server is killed, and with it whoever ran the import's statements. */
async function servedImport(scene: Scene, source: Source, length: Length): Promise<Victim> {
  let turn = 0;
  let server = await aServer(scene.place);
  return {
    name: "import, the server killed",
    once: async () => {
      const name = `served_${(turn += 1)}`;
      const program = importing(scene, source, name);
      await untilMoment(scene, program, length, turn);
      await Promise.all([server.kill(), cutConnections(scene)]);
      const ended = await endedByItself(program);
      server = await aServer(scene.place);
      return await looked(scene, server, { source, name, ended });
    },
    end: async () => {
      await sweep(scene, source);
      await server.stop();
    },
  };
}

function importing({ place }: Scene, { path }: Source, name: string): Program {
  return fieldgate(place, ["import", path, "--dataset", name]);
}

/** On PostgreSQL an import does not go through the server, so there its connections break instead. */
async function cutConnections({ place }: Scene): Promise<void> {
  if (place.kind === "PGlite") return;
  await onDatabase(place, ({ pool }) =>
    pool.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()`),
  );
}

async function endedByItself(program: Program): Promise<Ended> {
  const ended = await Promise.race([program.ended, sleep(60_000, null, { ref: false })]);
  if (!ended) throw new Error("Not true: an import whose database is gone ends by itself");
  const { code, stdout, stderr } = ended;
  hold(code === 0 || code === 1, `it ends with 0 or 1, not ${code}`);
  const saysDone = stdout.includes("now the dataset");
  hold(saysDone === (code === 0), "what is done is said to be, and nothing else");
  hold(code === 0 || stderr !== "", "a failure says so");
  hold(!/^ +at /m.test(stderr), `it ends in words: ${stderr}`);
  return ended;
}

interface Killed {
  readonly source: Source;
  readonly name: string;
  readonly ended: Ended;
}

/** Whether the dataset is there; it and everything else has to be whole, and its name free if it is not. */
async function looked(scene: Scene, server: Server, killed: Killed): Promise<Kill> {
  const { source, name, ended } = killed;
  const isThere = await isWhole(scene, server, source, name);
  hold(ended.code !== 0 || isThere, "an import that reported success is there");
  const wasAmid = ended.code === 1 || (await pendingImports(scene.place)) > 0;
  await requireNothingAstray(scene.place);
  await requireLogAgrees(scene, name);
  const second = await importAgain(scene, source, name);
  hold(
    second === (isThere ? "taken" : "made"),
    `a second import finds the name as it is: ${second}`,
  );
  hold(await isWhole(scene, server, source, name), "the dataset is there in the end");
  await requireLogAgrees(scene, name);
  await ageImports(scene.place);
  return { wasAmid, isThere };
}

async function importAgain(scene: Scene, source: Source, name: string): Promise<"made" | "taken"> {
  const stamp = { by: "operator", at: new Date() };
  const order = { tenantId: scene.tenantId, path: source.path, name, stamp };
  return await onDatabase(scene.place, (database) =>
    importDataset(database, order).then(
      () => "made" as const,
      (error: unknown) => {
        if (error instanceof ConflictError) return "taken" as const;
        throw error;
      },
    ),
  );
}

const PAGE = `query ($name: String!, $after: String) {
  dataset(name: $name) {
    rowCount
    rows(first: 5000, after: $after) {
      nodes { version values }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

interface Page {
  readonly dataset: {
    readonly rowCount: number;
    readonly rows: {
      readonly nodes: readonly { readonly version: number; readonly values: Values }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  } | null;
}

/** False where there is no such dataset. @throws where there is one that is not the file. */
async function isWhole(scene: Scene, server: Server, source: Source, name: string) {
  const found: Values[] = [];
  let after: string | null = null;
  do {
    const variables: object = { name, after };
    const { dataset }: Page = await server.ask<Page>(scene.key, PAGE, variables);
    if (!dataset) return false;
    hold(dataset.rowCount === source.rows, `${source.rows} rows, not ${dataset.rowCount}`);
    hold(
      dataset.rows.nodes.every(({ version }) => version === 1),
      "an imported row has version 1",
    );
    found.push(...dataset.rows.nodes.map(({ values }) => values));
    const { hasNextPage, endCursor } = dataset.rows.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
  hold(checksum(found) === source.checksum, "a dataset holds what the file holds");
  return true;
}

/** The next import takes away what the killed ones left. */
async function sweep(scene: Scene, source: Source): Promise<void> {
  await ageImports(scene.place);
  await importAgain(scene, source, `last_${Date.now()}`);
  hold((await pendingImports(scene.place)) === 0, "nothing of the killed imports is left");
  await requireNothingAstray(scene.place);
}
