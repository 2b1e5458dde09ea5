import { describe, expect, it } from "vitest";
import { encodeId } from "../../../src/db/id.ts";
import { aWorld, type World } from "../../support/world.ts";
import { eventsOf } from "./log.ts";

const PAGE = `query ($first: Int, $after: String, $filter: EventFilter) {
  events(first: $first, after: $after, filter: $filter) {
    totalCount nodes { id name } pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  readonly events: {
    readonly totalCount: number;
    readonly nodes: readonly { readonly id: string; readonly name: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

async function write(world: World, name: string, key?: string): Promise<void> {
  await world.ask(
    `mutation ($name: String!) { writeEvent(input: { name: $name }) { __typename } }`,
    {
      variables: { name },
      ...(key !== undefined && { key }),
    },
  );
}

describe("The log", () => {
  it("is read newest first, a page at a time, and no event twice while others are written", async () => {
    const world = await aWorld();
    for (let place = 0; place < 6; place += 1) await write(world, `custom::${place}`);
    const all = (await eventsOf(world)).map(({ id }) => id);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Page = await world.ask(PAGE, { variables: { first: 3, after } });
      seen.push(...page.events.nodes.map(({ id }) => id));
      after = page.events.pageInfo.hasNextPage ? page.events.pageInfo.endCursor : null;
      await write(world, "custom::later");
    } while (after !== null);

    expect(seen).toEqual(all);
    expect(all.length).toBeGreaterThan(12);
  });

  it("is filtered by name, outcome, caller, target and time", async () => {
    const world = await aWorld();
    const { id, secret } = await world.keyWithId({
      roles: [{ permissions: ["event::write", "viewer::get"] }],
    });
    await write(world, "custom::one", secret);
    await world.run("{ roles { totalCount } }", { key: secret });
    const names = async (filter: object) => {
      const page: Page = await world.ask(PAGE, { variables: { filter } });
      expect(page.events.totalCount).toBe(page.events.nodes.length);
      return page.events.nodes.map(({ name }) => name);
    };

    expect(await names({ principalId: id })).toEqual(["role::find", "event::write", "custom::one"]);
    expect(await names({ principalId: id, outcome: "DENIED" })).toEqual(["role::find"]);
    expect(await names({ name: "custom::one" })).toEqual(["custom::one"]);
    expect(await names({ target: id })).toEqual(["key::create"]);
    expect(await names({ from: new Date(Date.now() + 60_000) })).toEqual([]);
    expect(await names({ to: new Date(Date.now() - 60_000) })).toEqual([]);
    expect(await names({ from: new Date(Date.now() - 60_000), target: id })).toHaveLength(1);
    expect(await names({ name: "%" })).toEqual([]);
    const { asking } = await world.token({ clientId: "page", clientName: "Page" });
    await world.run("{ roles { totalCount } }", asking);
    expect(await names({ clientId: "page" })).toEqual(["role::find"]);
    expect(await names({ clientId: "pag" })).toEqual([]);
    expect(await names({ clientId: "\0" })).toEqual([]);
  });

  it("has cursors that are those of one filter and one caller", async () => {
    const world = await aWorld();
    const reader = await world.key({ roles: [{ permissions: ["event::find"] }] });
    const { events }: Page = await world.ask(PAGE, { variables: { first: 1 } });
    const after = events.pageInfo.endCursor;

    expect((await world.run(PAGE, { variables: { after } })).errors).toEqual([]);
    for (const asking of [
      { variables: { after, filter: { name: "x" } } },
      { variables: { after }, key: reader },
    ]) {
      expect((await world.run(PAGE, asking)).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    }
  });
});

describe("An event", () => {
  it("is found by node by whoever holds event::find, and by nobody else", async () => {
    const world = await aWorld();
    const [event] = await eventsOf(world);
    const find = async (permissions: string[]) => {
      const key = await world.key({ roles: [{ permissions: ["node::get", ...permissions] }] });
      return await world.run(`query ($id: ID!) { node(id: $id) { id ... on Event { name } } }`, {
        key,
        variables: { id: event?.id },
      });
    };
    const { id, name } = event ?? {};

    expect((await find(["event::find"])).data).toEqual({ node: { id, name } });
    expect((await find(["event::verify", "event::write"])).data).toEqual({ node: null });
  });

  it("is nobody's of another tenant, by whichever way", async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    await other.key({ roles: [{}] });
    const theirs = await eventsOf(other);
    const ours = await eventsOf(world);
    const { node } = await world.ask<{ node: unknown }>(
      `query ($id: ID!) { node(id: $id) { id } }`,
      { variables: { id: theirs[0]?.id } },
    );
    const filtered = await eventsOf(world, { target: theirs[0]?.target });

    expect(theirs.length).toBeGreaterThan(2);
    expect(node).toBeNull();
    expect(filtered).toEqual([]);
    expect(ours.map(({ target }) => target)).toEqual([encodeId("Tenant", world.tenantId)]);
  });
});

describe("Without the permission", () => {
  it.each([
    ["event::find", "{ events { totalCount } }"],
    ["event::verify", "{ verifyEvents { ok } }"],
  ])("to %s it is forbidden, and with it allowed", async (permission, document) => {
    const world = await aWorld();
    const without = await world.key({ roles: [{ permissions: ["event::write"] }] });
    const holding = await world.key({ roles: [{ permissions: [permission] }] });
    const refused = await world.run(document, { key: without });

    expect(refused.errors[0]?.extensions).toMatchObject({
      code: "FORBIDDEN",
      missing: { gate: "PERMISSION", name: permission },
    });
    expect((await world.run(document, { key: holding })).errors).toEqual([]);
  });

  it("the public sees nothing of it, and cannot be given it", async () => {
    const world = await aWorld();
    const asking = { key: null, headers: { "x-fieldgate-tenant": world.slug } };
    const { data, errors } = await world.run("{ events { totalCount } }", asking);
    const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
      "{ roles { nodes { id name } } }",
    );
    const id = roles.nodes.find(({ name }) => name === "anonymous")?.id;
    const given = await world.run(
      `mutation ($id: ID!) { updateRole(input: { id: $id, permissions: ["event::find"] }) { role { id } } }`,
      { variables: { id } },
    );

    expect([data, errors[0]?.extensions.code]).toEqual([{ events: null }, "FORBIDDEN"]);
    expect(given.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });
});
