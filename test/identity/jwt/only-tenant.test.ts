import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createApp } from "../../../src/app.ts";
import { overStreams, type Database } from "../../../src/db/database.ts";
import { openEmbeddedInMemory } from "../../../src/db/embedded/embedded-database.ts";
import { migrate } from "../../../src/db/migrate.ts";
import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import { createLog } from "../../../src/http/log.ts";
import { OutsideVerifier } from "../../../src/identity/jwt/outside-verifier.ts";
import { ecPair, signed } from "./forge.ts";

const pair = ecPair({ kid: "first" }, "P-256");
const now = () => new Date();
let database: Database;

beforeAll(async () => {
  const embedded = await openEmbeddedInMemory();
  database = overStreams(() => embedded.connect(), embedded.close);
  await migrate(database);
}, 60_000);

afterAll(() => database.close());

test("A JWT that names no tenant is of the only one that there is, and of none where there are several", async () => {
  const verifier = new OutsideVerifier({
    now,
    fetch: async () => JSON.stringify({ keys: [pair.jwk] }),
  });
  const app = createApp({ database, log: createLog("silent"), now, verifier });
  const ask = async (query: string, headers: Readonly<Record<string, string>>) => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query }),
    };
    const transport = { requestId: "test", trace: {}, ip: null };
    return await (await app.fetch("http://fieldgate.test/graphql", init, transport)).json();
  };
  const { key } = await createTenant(database, { slug: "only" });
  await ask(
    `mutation { trustIssuer(input: {
       issuer: "issuer", audience: "api", jwksUrl: "https://login.example.com/", algorithms: [ES256]
     }) { trustedIssuer { id } } }`,
    { "x-api-key": key },
  );
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: "issuer", aud: "api", sub: "1", iat, exp: iat + 600 };
  const parts = [JSON.stringify({ alg: "ES256", kid: "first" }), JSON.stringify(claims)] as const;
  const authorization = `Bearer ${signed(parts, "ES256", pair.secret)}`;
  const viewer = { data: { viewer: { kind: "SESSION" } } };

  expect(await ask("{ viewer { kind } }", { authorization })).toEqual(viewer);

  // However many transactions there are in a request, it is verified once.
  const verify = vi.spyOn(verifier, "verify");
  const twice = "mutation { one: logout { __typename } two: logout { __typename } }";
  expect(await ask(twice, { authorization })).toMatchObject({ data: { one: null, two: null } });
  expect(verify).toHaveBeenCalledTimes(1);

  await createTenant(database, { slug: "another" });
  const named = (slug: string) => ({ authorization, "x-fieldgate-tenant": slug });
  const refused = { errors: [{ extensions: { code: "UNAUTHENTICATED" } }] };

  expect(await ask("{ viewer { kind } }", { authorization })).toMatchObject(refused);
  expect(await ask("{ viewer { kind } }", named("another"))).toMatchObject(refused);
  expect(await ask("{ viewer { kind } }", named("only"))).toEqual(viewer);
}, 30_000);
