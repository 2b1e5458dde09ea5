import { afterAll, describe, expect, inject, test } from "vitest";
import { aPlace } from "./cli/place.ts";
import { aScene } from "./kills/scene.ts";
import { BULK_WRITES, bulkWrites } from "./kills/write-victims.ts";

describe("a bulk write whose server is killed is there as a whole or not at all", async () => {
  const place = await aPlace(inject("database"));
  const victim = await bulkWrites(await aScene(place), BULK_WRITES);
  afterAll(async () => {
    await victim.end();
    await place.drop();
  });

  test.each(BULK_WRITES)("by %s", async () => {
    expect(await victim.once()).toBeDefined();
  });
});
