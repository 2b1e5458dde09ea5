import { beforeAll, describe, expect, it } from "vitest";
import { sessionTexts } from "../../../src/identity/secret-texts.ts";
import { aWorld, type World } from "../../support/world.ts";
import { eventsOf } from "../event/log.ts";

const ASKED = "{ viewer { kind } }";

let world: World;
let session: string;

beforeAll(async () => {
  world = await aWorld();
  session = await world.login(await world.user());
});

async function statusOf(key: string, headers = {}) {
  return (await world.run(ASKED, { key, headers })).status;
}

describe("A session that is presented", () => {
  it("is refused with another secret, however right its text is otherwise", async () => {
    const { tenantId, id } = sessionTexts.parse(session) ?? { tenantId: "", id: "" };
    const other = sessionTexts.create({ tenantId, id }).text;
    expect([await statusOf(session), await statusOf(other)]).toEqual([200, 401]);

    await world.settle();
    const [event] = await eventsOf(world, { name: "system::authenticate" });
    expect(event).toMatchObject({ outcome: "FAILED", reason: "WRONG_SECRET" });
  });

  it("is refused beside the name of another tenant", async () => {
    const [other, own] = [(await aWorld()).slug, world.slug];
    for (const [slug, status] of [
      [own, 200],
      [other, 401],
      ["nobodys", 401],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await statusOf(session, { "x-fieldgate-tenant": slug })).toBe(status);
    }
  });
});
