import { jwtOf } from "../../domain/issuer/trusting.ts";
import { ecPair } from "./forge.ts";
import { IssuerServer, publishing } from "./issuer-server.ts";

const pair = ecPair({ kid: "only" }, "P-256");

/** Publishes its key, once anybody was told where. */
let server: Promise<IssuerServer> | undefined;

/** Where the identity provider publishes its key that many tenants of a test trust, each for an issuer or audience of its own. */
export async function keysOfOneProvider(): Promise<{ jwksUrl: string; algorithms: ["ES256"] }> {
  server ??= IssuerServer.start(publishing(pair.jwk));
  const { jwksUrl } = await server;
  return { jwksUrl, algorithms: ["ES256"] };
}

/** A JWT with these claims by that provider, made at an instant and good for an hour. */
export function byOneProvider(claims: Readonly<Record<string, unknown>>, now: Date): string {
  const iat = Math.floor(now.getTime() / 1000);
  return jwtOf({ iat, exp: iat + 3_600, ...claims }, pair);
}
