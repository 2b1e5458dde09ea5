import type { World } from "../../../support/world.ts";
import { trusting } from "../../../domain/issuer/trusting.ts";
import type { Canary } from "./canary.ts";

/** JWTs of identity providers that a world trusts, of which one is down. */
export async function jwtsIn(world: World) {
  const [provider, down] = [await trusting(world), await trusting(world)];
  await down.stop();
  const forged = provider.jwt({ sub: "bob" });
  return {
    good: ofJwt("a JWT", provider.jwt({ given_name: "Ada" })),
    tampered: ofJwt("a JWT with another signature", `${forged.slice(0, -20)}${"A".repeat(20)}`),
    down: ofJwt("a JWT whose issuer is down", down.jwt({ sub: "cyd" })),
  };
}

/** What it says and its signature are as secret as all of it; how it is signed is not. */
function ofJwt(of: string, text: string): Canary {
  return { of, text, isTold: true, stored: text.split(".").slice(1) };
}
