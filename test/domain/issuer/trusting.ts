import { ecPair, type Pair, signed } from "../../identity/jwt/forge.ts";
import { IssuerServer, publishing } from "../../identity/jwt/issuer-server.ts";
import { type Asking, uniqueName, type World } from "../../support/world.ts";

/** The claims of a JWT; those that are left out are good, and those that are undefined are not there. */
export type Claims = Readonly<Record<string, unknown>>;

/** An identity provider that a world trusts. */
export interface Trusting {
  readonly server: IssuerServer;
  /** The id of the trusted issuer. */
  readonly id: string;
  readonly issuer: string;
  readonly pair: Pair;
  /** A JWT of somebody, by this provider. */
  readonly jwt: (claims?: Claims, by?: Pair) => string;
  /** Headers that present a JWT to the tenant of the world, and no key. */
  readonly as: (claims?: Claims) => Asking;
  readonly stop: () => Promise<void>;
}

export const AUDIENCE = "fieldgate";

const TRUST = `mutation ($input: TrustIssuerInput!) {
  trustIssuer(input: $input) { trustedIssuer { id } }
}`;

/** What `trustIssuer` takes, but for what a provider on this machine decides. */
export type TrustInput = Readonly<Record<string, unknown>>;

/** Starts a provider that this world trusts. */
export async function trusting(world: World, input: TrustInput = {}): Promise<Trusting> {
  const pair = ecPair({ kid: "first" }, "P-256");
  const server = await IssuerServer.start(publishing(pair.jwk));
  const issuer = `https://${uniqueName("login")}.example.com`;
  const { trustIssuer } = await world.ask<{ trustIssuer: { trustedIssuer: { id: string } } }>(
    TRUST,
    {
      variables: {
        input: {
          issuer,
          audience: AUDIENCE,
          jwksUrl: server.jwksUrl,
          algorithms: ["ES256"],
          ...input,
        },
      },
    },
  );
  const jwt = (claims: Claims = {}, by = pair) => {
    const iat = Math.floor(world.now().getTime() / 1000);
    const good = { iss: issuer, aud: AUDIENCE, sub: "ada", iat, exp: iat + 600 };
    return jwtOf({ ...good, ...claims }, by);
  };
  return {
    server,
    id: trustIssuer.trustedIssuer.id,
    issuer,
    pair,
    jwt,
    as: (claims) => presenting(world, jwt(claims)),
    stop: () => server.stop(),
  };
}

export function jwtOf(claims: Claims, { secret, jwk }: Pair): string {
  const header = { alg: "ES256", kid: jwk["kid"], typ: "JWT" };
  return signed([JSON.stringify(header), JSON.stringify(claims)], "ES256", secret);
}

/** Presents a JWT to the tenant of a world, and no key. */
export function presenting({ slug }: Pick<World, "slug">, jwt: string): Asking {
  return { key: null, headers: { authorization: `Bearer ${jwt}`, "x-fieldgate-tenant": slug } };
}

/** What is told of a caller. */
export interface Viewer {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

/** Asks as whom a request acts. It has to be accepted. */
export async function viewerOf(world: World, asking: Asking): Promise<Viewer> {
  const { viewer } = await world.ask<{ viewer: Viewer }>(
    "{ viewer { kind id name roles } }",
    asking,
  );
  return viewer;
}

/** The code of the refusal of a request; `OK` where it is accepted. */
export async function codeOf(world: World, asking: Asking): Promise<string | undefined> {
  const { errors } = await world.run("{ viewer { id } }", asking);
  return errors.length === 0 ? "OK" : errors[0]?.extensions.code;
}
