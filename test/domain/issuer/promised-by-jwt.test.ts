import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aWorld, uniqueName } from "../../support/world.ts";
import { promised } from "../row/exporting.ts";
import { promisedImport } from "../row/importing.ts";
import { type Claims, presenting, type Trusting, trusting, viewerOf } from "./trusting.ts";

const world = await aWorld();
let provider: Trusting;
let datasetId = "";

beforeAll(async () => {
  const columns = [{ name: "word", type: "TEXT" }];
  ({ id: datasetId } = await world.dataset({ columns, rows: [{ word: "yes" }] }));
  provider = await trusting(world, { claims: { roles: "roles" } });
});
afterAll(() => provider.stop());

const exporter = async () => {
  const name = uniqueName("exporter");
  const id = await world.role({ name, permissions: ["row::export", "viewer::get"], canRead: true });
  return { id, name };
};

const exportBy = async (claims: Claims) =>
  await promised(world, { datasetId }, provider.as(claims));

const fetched = async (url: string) =>
  await world.download(url).then(
    (file) => file,
    (error: { code?: string }) => error.code,
  );

const deleteUser = async (id: string) =>
  await world.ask(`mutation ($id: ID!) { deleteUser(input: { id: $id }) { id } }`, {
    variables: { id },
  });

describe("An export that was promised to whoever brought a JWT", () => {
  it("is done with the roles that it claimed", async () => {
    const { name } = await exporter();

    expect(await fetched(await exportBy({ roles: [name] }))).toBe("word\r\nyes\r\n");
  });

  it("is done as long as that JWT is valid, and no longer", async () => {
    const { name } = await exporter();
    const iat = Math.floor(world.now().getTime() / 1000);
    const claims = { sub: uniqueName("sub"), roles: [name], iat, exp: iat + 60 };
    const urls = [await exportBy(claims), await exportBy(claims)];
    world.wait(50);
    expect(await fetched(urls[0] ?? "")).toBe("word\r\nyes\r\n");
    world.wait(15);
    expect(await fetched(urls[1] ?? "")).toBe("NOT_FOUND");
  });

  it("is refused after that also where the user has the role by itself", async () => {
    const { id, name } = await exporter();
    const iat = Math.floor(world.now().getTime() / 1000);
    const claims = { sub: uniqueName("sub"), roles: [name], iat, exp: iat + 60 };
    const viewer = await viewerOf(world, provider.as(claims));
    await world.ask(
      `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`,
      {
        variables: { input: { userId: viewer.id, roleIds: [id] } },
      },
    );
    const [first, second] = [await exportBy(claims), await exportBy(claims)];
    expect(await fetched(first)).toBe("word\r\nyes\r\n");
    world.wait(65);
    expect(await fetched(second)).toBe("NOT_FOUND");
  });

  it("is done with less once the role has less, or is gone", async () => {
    const { id, name } = await exporter();
    const [first, second] = [await exportBy({ roles: [name] }), await exportBy({ roles: [name] })];
    await world.ask(
      `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { id } } }`,
      {
        variables: { input: { id, canRead: false } },
      },
    );
    expect(await fetched(first)).toBe("NOT_FOUND");
    await world.ask(`mutation ($id: ID!) { deleteRole(input: { id: $id }) { id } }`, {
      variables: { id },
    });
    expect(await fetched(second)).not.toContain("word");
  });

  it("is refused once its user is deleted", async () => {
    const { name } = await exporter();
    const sub = uniqueName("sub");
    const { id } = await viewerOf(world, provider.as({ sub }));
    const url = await exportBy({ sub, roles: [name] });
    await deleteUser(id);

    expect(await fetched(url)).toBe("NOT_FOUND");
  });

  it("is refused once its issuer is trusted otherwise, or not at all", async () => {
    const { name } = await exporter();
    const own = await trusting(world, { claims: { roles: "roles" } });
    const ownExport = async () =>
      await promised(world, { datasetId }, presenting(world, own.jwt({ roles: [name] })));
    const [first, second] = [await ownExport(), await ownExport()];
    expect(await fetched(first)).toBe("word\r\nyes\r\n");
    await world.ask(
      `mutation ($input: UpdateTrustedIssuerInput!) { updateTrustedIssuer(input: $input) { trustedIssuer { id } } }`,
      { variables: { input: { id: own.id, claims: { roles: null } } } },
    );
    expect(await fetched(second)).toBe("NOT_FOUND");
    await world.ask(
      `mutation ($input: UpdateTrustedIssuerInput!) { updateTrustedIssuer(input: $input) { trustedIssuer { id } } }`,
      { variables: { input: { id: own.id, claims: { roles: "roles" } } } },
    );
    const third = await ownExport();
    await world.ask(`mutation ($id: ID!) { distrustIssuer(input: { id: $id }) { id } }`, {
      variables: { id: own.id },
    });
    expect(await fetched(third)).toBe("NOT_FOUND");
    await own.stop();
  });

  it("is done with the roles alone that the request had narrowed itself to", async () => {
    const { name } = await exporter();
    const wide = await world.role({ name: uniqueName("wide"), permissions: ["row::export"] });
    const asking = provider.as({ roles: [name] });
    const headers = { ...asking.headers, "x-fieldgate-roles": name };
    const url = await promised(world, { datasetId }, { ...asking, headers });

    expect(wide).not.toBe("");
    expect(await fetched(url)).toBe("word\r\nyes\r\n");
  });
});

it("An import that was promised to whoever brought a JWT is done with the roles that it claimed", async () => {
  const name = uniqueName("importer");
  await world.role({
    name,
    permissions: ["row::import"],
    canRead: true,
    canCreate: true,
  });
  const sub = uniqueName("sub");
  const { url } = await promisedImport(world, { datasetId }, provider.as({ sub, roles: [name] }));

  expect(await world.upload(url, "word\r\nmore\r\n")).toBe("OK");

  const iat = Math.floor(world.now().getTime() / 1000);
  const brief = provider.as({ sub, roles: [name], iat, exp: iat + 60 });
  const late = await promisedImport(world, { datasetId }, brief);
  world.wait(65);
  expect(await world.upload(late.url, "word\r\nmore\r\n")).toBe("NOT_FOUND");
});
