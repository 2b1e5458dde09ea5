import { byOneProvider, keysOfOneProvider } from "../../../identity/jwt/one-provider.ts";
import { type Client, NOW } from "./client.ts";

const ISSUER = "https://login.example.com";

/** Another by the same provider in each of the twins, of whom a clerk knows the name. */
const OTHER = { sub: "bo", given_name: "Bo" };
const OTHERS = [
  { ...OTHER, about: { team: "red" }, groups: ["other", "red"] },
  { ...OTHER, email: "bo@example.org", email_verified: true, about: { hue: "red" } },
] as const;

/** One more, whom whoever knows nobody does not know either. */
const ONE_MORE = { sub: "cy", family_name: "Cy", groups: ["helper"] };

/** Where an identity provider is trusted. */
interface Trusting {
  readonly client: Client;
  readonly slug: string;
  readonly admin: string;
  readonly ids: Map<string, string>;
}

/**
 * Has a twin trust an identity provider, and makes users by its JWTs known: one that asks, alike in both, and others.
 *
 * @param held The names of the roles of the one that asks: of one half it was given each, and claims the other.
 * @param isMore Whether there is one more in the second twin.
 * @returns Its JWT.
 */
export async function jwtsOf(
  { client, slug, admin, ids }: Trusting,
  place: 0 | 1,
  { held, isMore }: { readonly held: readonly string[]; readonly isMore: boolean },
): Promise<string> {
  const claims = {
    roles: "groups",
    attributes: ["team", "hue"].map((attribute) => ({ attribute, claim: `about.${attribute}` })),
  };
  const trust = { issuer: ISSUER, audience: slug, ...(await keysOfOneProvider()), claims };
  await client.must(admin, "trustIssuer", trust, "trustedIssuer { id }");
  const known = async (name: string, said: object) => {
    const jwt = byOneProvider({ iss: ISSUER, aud: slug, ...said }, NOW);
    const asked = { query: "{ viewer { id } }", variables: {} };
    const { viewer } = await client.ask<{ viewer: { id: string } }>(jwt, asked, slug);
    ids.set(`user ${name}`, viewer.id);
    return jwt;
  };
  await known("outside 0", OTHERS[place]);
  if (isMore && place === 1) await known("outside 1", ONE_MORE);
  const jwt = await known("gwen", {
    sub: "gwen",
    given_name: "Gwen",
    email: "gwen@example.com",
    about: { team: "red", hue: 5 },
    // Of these the first two are nobody's by claiming them, and of the last there is none.
    groups: ["administrator", "anonymous", ...held.filter((_, at) => at % 2 === 0), "nobody"],
  });
  const roleIds = held.filter((_, at) => at % 2 === 1).map((role) => ids.get(`role ${role}`));
  await client.must(admin, "assignRoles", { userId: ids.get("user gwen"), roleIds }, "user { id }");
  return jwt;
}
