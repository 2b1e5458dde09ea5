import process from "node:process";
import { parseArgs } from "node:util";
import type { Database } from "../../src/db/database.ts";
import { newUuid } from "../../src/db/id.ts";
import { createTenant } from "../../src/domain/tenant/create-tenant.ts";
import { newKeyText } from "../../src/identity/secret/key-text.ts";
import { areAlike, type Refused, type Served, timed, withServed } from "./asked-in-turns.ts";
import { everyPlace } from "./on-databases.ts";

/**
 * Presents keys that are refused, each for another reason, and logins that are, in turns, and looks whether the time
 * that it takes tells the reasons apart: `npm run prove:refusals -- --samples 10000 --of keys`.
 */
const { values } = parseArgs({
  options: {
    samples: { type: "string", default: "10000" },
    of: { type: "string", default: "keys,logins" },
  },
});
const samples = Number(values.samples);
const asked = values.of.split(",");

/** One key for each reason to refuse it; the checksum of each is right. */
async function refusedKeys({ post, ask }: Served, database: Database): Promise<Refused> {
  const { tenantId, keyId, key } = await createTenant(database, { slug: "refusals" });
  const { createRole } = await ask<{ createRole: { role: { id: string } } }>(
    key,
    `mutation { createRole(input: { name: "looker", permissions: ["viewer::get"] }) { role { id } } }`,
  );
  const made = async (expiresAt: Date | null) => {
    const input = { name: "refused", roleIds: [createRole.role.id], expiresAt };
    const { createKey } = await ask<{ createKey: { secret: string; key: { id: string } } }>(
      key,
      "mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret key { id } } }",
      { input },
    );
    return { text: createKey.secret, id: createKey.key.id };
  };
  const [revoked, expired] = [await made(null), await made(new Date(Date.now() + 1_000))];
  await ask(key, "mutation ($id: ID!) { revokeKey(input: { id: $id }) { __typename } }", {
    id: revoked.id,
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const keys = {
    unknown: newKeyText(tenantId, newUuid()).text,
    "of no tenant": newKeyText(newUuid(), newUuid()).text,
    "with another secret": newKeyText(tenantId, keyId).text,
    revoked: revoked.text,
    expired: expired.text,
  };
  const query = { query: "{ viewer { kind } }" };
  return new Map(
    Object.entries(keys).map(([reason, text]) => [
      reason,
      () => timed(() => post(query, { "x-api-key": text })),
    ]),
  );
}

/** A login with the wrong password of a user, and one with the address of nobody. */
async function refusedLogins({ post, ask }: Served, database: Database): Promise<Refused> {
  const { key } = await createTenant(database, { slug: "logins" });
  const { rollSystemSecret } = await ask<{ rollSystemSecret: object }>(
    key,
    "mutation { rollSystemSecret { systemKey systemSecret } }",
  );
  const email = "ada.lovelace@example.com";
  await ask(
    key,
    "mutation ($input: RegisterUserInput!) { registerUser(input: $input) { __typename } }",
    { input: { email, password: "a long enough phrase" } },
  );
  const login = (of: string) => {
    const input = { ...rollSystemSecret, email: of, password: "another long phrase" };
    const query = "mutation ($input: LoginInput!) { login(input: $input) { userId } }";
    return () => timed(() => post({ query, variables: { input } }));
  };
  return new Map([
    ["wrong password", login(email)],
    ["unknown email", login("ada.nobody.s@example.com")],
  ]);
}

const OF = { keys: refusedKeys, logins: refusedLogins };

const proved: boolean[] = [];
for (const place of await everyPlace()) {
  for (const [what, refused] of Object.entries(OF)) {
    if (!asked.includes(what)) continue;
    let ahead = 0;
    // Nobody has had ten attempts in a quarter of an hour: each request is two minutes after the one before.
    const now = () => new Date(Date.now() + (what === "logins" ? (ahead += 120_000) : 0));
    proved.push(
      await withServed(place, now, async (served, database) =>
        areAlike(place, await refused(served, database), samples),
      ),
    );
  }
}
process.exitCode = proved.every(Boolean) ? 0 : 1;
