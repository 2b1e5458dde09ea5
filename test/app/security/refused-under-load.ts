import process from "node:process";
import { expect } from "vitest";
import { draws } from "../../support/draws.ts";
import { type Answer, type Asking, aWorld, type World } from "../../support/world.ts";
import { endedUnderLoad, inWords, type Loaded, nothingTried } from "./under-load.ts";

const READ = `query ($id: ID!) { dataset(id: $id) { rowCount } }`;
const WRITE = `mutation ($id: ID!) {
  createRows(input: { datasetId: $id, rows: [{ name: "x" }] }) { count } }`;

/** What whoever asks hears whose credential is none any more. */
export const UNKNOWN = ["UNAUTHENTICATED"];

/** What whoever asks hears that is still known, and may nothing. */
export const NO_RIGHT = ["FORBIDDEN", "nothing"];

/** A dataset that is read and written through two APIs that share nothing but the database. */
export interface Scene {
  readonly world: World;
  readonly other: World;
  readonly datasetId: string;
}

/** Somebody who asks, and how it is ended. */
export interface Ending {
  readonly asking: Asking;
  readonly end: () => Promise<Answer>;
}

/** What is to be tried. */
interface Trying {
  readonly aRound: (scene: Scene) => Promise<Ending>;
  /** Those that may be heard after the end was acknowledged. */
  readonly expected: readonly string[];
  /** How many times, on PostgreSQL. */
  readonly rounds: number;
}

/** Makes a role that reads and writes the rows of the dataset. */
export async function aRole({ world, datasetId }: Scene, permissions: readonly string[] = []) {
  return await world.role({
    permissions: ["dataset::get", "row::get", "row::create", ...permissions],
    grants: [{ datasetId, read: "ALLOW", create: "ALLOW" }],
  });
}

/** A mutation, by the administrator unless somebody else is named. */
export async function mutate(world: World, field: string, input: object, asking: Asking = {}) {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  return await world.run(`mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`, {
    ...asking,
    variables: { input },
  });
}

/** Ends somebody new each round while it asks, and expects that none of what begins afterwards is allowed. */
export async function expectRefused({ aRound, expected, rounds }: Trying): Promise<void> {
  const scene = await aScene();
  const tried = nothingTried();
  const most = scene.world.database.kind === "PGlite" ? Math.ceil(rounds / 3) : rounds;
  for (let round = draws(most); round > 0; round -= 1) {
    const { asking, end } = await aRound(scene);
    const loaded = { ...loadedBy(scene, asking), end };
    const { errors, outcomes, late } = await endedUnderLoad(loaded, tried);
    // Whoever ended itself may be told so in the place of an answer.
    expect(errors.filter(({ extensions }) => extensions.code !== "UNAUTHENTICATED")).toEqual([]);
    for (const outcome of outcomes) expect(expected).toContain(outcome);
    // What was under way when it was acknowledged wrote nothing afterwards.
    expect(late).toBe(0);
  }
  process.stdout.write(`${inWords(tried)}\n`);
  expect(tried.allowed).toBe(0);
  expect(tried.before).toBeGreaterThan(0);
  expect(tried.after).toBeGreaterThan(0);
  // One that was done just before its end is there, and could not be answered any more.
  expect(await rowsOf(scene)).toBeGreaterThanOrEqual(tried.writes);
}

async function aScene(): Promise<Scene> {
  const world = await aWorld();
  const { id } = await world.dataset({ columns: [{ name: "name", type: "TEXT" }] });
  return { world, other: await aWorld(), datasetId: id };
}

/** Asks through the two APIs by turns. */
function loadedBy(scene: Scene, asking: Asking): Omit<Loaded, "end"> {
  let turn = 0;
  const ask = async (isWriting: boolean) => {
    const api = (turn += 1) % 2 === 0 ? scene.world : scene.other;
    const variables = { id: scene.datasetId };
    const { data, errors } = await api.run(isWriting ? WRITE : READ, { ...asking, variables });
    const found = data?.["dataset"] ?? data?.["createRows"];
    return errors[0]?.extensions.code ?? (found ? "OK" : "nothing");
  };
  return { ask, rows: () => rowsOf(scene) };
}

async function rowsOf({ world, datasetId }: Scene): Promise<number> {
  const { dataset } = await world.ask<{ dataset: { rowCount: number } }>(READ, {
    variables: { id: datasetId },
  });
  return dataset.rowCount;
}
