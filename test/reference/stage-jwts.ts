import { presenting } from "../domain/issuer/trusting.ts";
import { byOneProvider, keysOfOneProvider } from "../identity/jwt/one-provider.ts";
import { type MadeUser, uniqueName, type World as Tenant } from "../support/world.ts";
import { callEach } from "./call-each.ts";
import type { Jwt, User, World } from "./model.ts";
import type { Presented } from "./stage-tokens.ts";

const AUDIENCE = "drawn worlds";

/** What stands for a user whose JWT was accepted. */
interface Known {
  readonly made: MadeUser;
  readonly presented: Presented;
}

/**
 * Has a tenant trust an identity provider, which says of its users all that there is to say.
 *
 * @returns What makes a user known, by the first request with the JWT with which it asks from then on.
 */
export async function provider(
  tenant: Tenant,
  { attributes = [], issuerMayAdministrate = false }: World,
): Promise<(user: User, jwt: Jwt) => Promise<Known>> {
  const issuer = `https://${uniqueName("login")}.example.com`;
  const claims = {
    roles: "groups",
    attributes: attributes.map(({ name }) => ({ attribute: name, claim: `about.${name}` })),
  };
  const trust = { issuer, audience: AUDIENCE, ...(await keysOfOneProvider()), claims };
  await callEach(tenant, { field: "trustIssuer", selection: "trustedIssuer { id }" }, [
    { ...trust, mayAdministrate: issuerMayAdministrate },
  ]);
  return async (user, jwt) => {
    const said = { iss: issuer, aud: AUDIENCE, sub: user.id, ...claimsOf(user, jwt) };
    const { key = null, headers } = presenting(tenant, byOneProvider(said, tenant.now()));
    const presented = { key, ...(headers && { headers }) };
    const { viewer } = await tenant.ask<{ viewer: { id: string } }>("{ viewer { id } }", presented);
    return { made: { id: viewer.id, email: user.email, password: "" }, presented };
  };
}

function claimsOf({ email, address, attributes }: User, { roles, misfits }: Jwt) {
  return {
    email,
    ...(address === "ASSERTED" && { email_verified: true }),
    groups: roles,
    about: { ...attributes, ...misfits },
  };
}
