import { beforeAll, describe, expect, it } from "vitest";
import { encodeId } from "../../../src/db/id.ts";
import { sessionTexts } from "../../../src/identity/secret/secret-texts.ts";
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

  it("is refused as that of a user who was deleted, and told of without the user", async () => {
    const user = await world.user();
    const token = await world.login(user);
    expect(await statusOf(token)).toBe(200);
    await world.ask(`mutation ($id: ID!) { deleteUser(input: { id: $id }) { id } }`, {
      variables: { id: user.id },
    });
    expect(await statusOf(token)).toBe(401);

    const target = encodeId("Session", sessionTexts.parse(token)?.id ?? "");
    const [event] = await eventsOf(world, { name: "system::authenticate" });
    expect(event).toMatchObject({ outcome: "FAILED", reason: "DELETED", target });
    expect(
      await world.ask(
        `query ($id: ID!) { node(id: $id) { ... on Session { id status ip user { id } } } }`,
        { variables: { id: target } },
      ),
    ).toEqual({ node: { id: target, status: "ENDED", ip: null, user: null } });
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
