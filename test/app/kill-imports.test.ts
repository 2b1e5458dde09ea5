import { afterAll, describe, expect, inject, test } from "vitest";
import { aPlace } from "./cli/place.ts";
import { importsOf, sourceOf } from "./kills/import-victims.ts";
import { aScene } from "./kills/scene.ts";

/** A few of the kills of `npm run prove:kills`. */
const KILLS = 2;

describe("an import that is killed leaves its dataset whole or leaves none", async () => {
  const place = await aPlace(inject("database"));
  const [lone, served] = importsOf(await aScene(place), sourceOf("flights-5k.json"));
  afterAll(place.drop);

  test.each([
    ["its own process", lone],
    ["the server", served],
  ])("when %s is killed", async (_process, begin) => {
    const victim = await begin?.();
    for (let kill = 0; kill < KILLS; kill += 1) expect(await victim?.once()).toBeDefined();
    await victim?.end();
  });
});
