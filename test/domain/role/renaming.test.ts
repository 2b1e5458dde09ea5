import { expect, it } from "vitest";
import { aWorld, uniqueName } from "../../support/world.ts";

const RENAME = `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { id } } }`;
const TRUST = `mutation ($input: TrustIssuerInput!) { trustIssuer(input: $input) { trustedIssuer { id } } }`;

it("A role is renamed by who holds it, where outside identities claim roles by name", async () => {
  const world = await aWorld();
  const boss = await world.role({ permissions: ["key::create"], canRead: true });
  const renamer = await world.key({ roles: [{ permissions: ["role::update", "role::get"] }] });
  const rename = async (key: string) => {
    const input = { id: boss, name: uniqueName("staff") };
    const { errors } = await world.run(RENAME, { key, variables: { input } });
    return errors.map(({ extensions }) => extensions.code);
  };

  expect(await rename(renamer)).toEqual([]);
  const input = {
    issuer: `https://${uniqueName("issuer")}.example`,
    audience: "renaming",
    jwksUrl: "https://keys.example/jwks",
  };
  await world.ask(TRUST, { variables: { input } });
  expect(await rename(renamer)).toEqual(["FORBIDDEN"]);
  expect(await rename(world.admin)).toEqual([]);
});
