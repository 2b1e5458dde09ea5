import sql from "sql-template-tag";
import { aProver } from "../../../support/prover.ts";
import { aCookie } from "../../../support/world.ts";
import { aPassword, type House } from "./house.ts";

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { userId expiresAt } }`;
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { done } }`;
const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { done } }`;
const ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id email } } }`;
const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`;

/** Presents every secret where it belongs: those that are for once twice, and passwords also wrong ones. */
export async function useRightly(house: House): Promise<void> {
  await presentCredentials(house);
  await presentJwts(house);
  await logIn(house);
  await changeOneself(house);
  await useOneTimeTokens(house);
  await transfer(house);
  await house.courier.close();
}

async function presentCredentials({ send, key, world, login, token, cookie }: House) {
  for (const text of [world.admin, key.secret, login.sessionToken]) {
    await send("a question by a credential", { headers: { "x-api-key": text } });
    await send("a question by a credential", { headers: { authorization: `Bearer ${text}` } });
    await send("a question of another tenant", {
      headers: { authorization: `Bearer ${text}`, "x-fieldgate-tenant": "another" },
    });
  }
  const authorization = `Bearer ${token.secret}`;
  for (const presented of [cookie, cookie, aCookie(), "another=1"]) {
    await send("a question by a token", { headers: { authorization, cookie: presented } });
  }
  const headers = await (await aProver()).headers({ token: token.secret });
  await send("a question by a token with a proof", { headers });
}

async function presentJwts({ send, world: { slug }, jwts }: House) {
  for (const { of, text } of Object.values(jwts)) {
    const by = (tenant: string) => ({
      headers: { authorization: `Bearer ${text}`, "x-fieldgate-tenant": tenant },
    });
    await send(`a question by ${of}`, by(slug));
    await send(`a question by ${of}`, by(slug));
    await send(`a question by ${of} of another tenant`, by("another"));
  }
}

async function logIn({ ask, system, user, login }: House) {
  const { deviceToken } = login;
  const right = { ...system, email: user.email, password: user.password };
  const inputs: readonly [string, object][] = [
    ["a login", right],
    ["a login from a device", { ...right, deviceToken }],
    ["a login with a wrong password", { ...right, password: aPassword() }],
    ["a login from a device of another", { ...right, email: "bob@example.com", deviceToken }],
    [
      "a login with a wrong form",
      { ...right, deviceToken: [deviceToken], password: [user.password] },
    ],
    ["a login with too much", { ...right, deviceToken, passwords: [user.password] }],
    ["a login with too little", { ...system, password: user.password }],
    ["a login with a password for an address", { ...right, email: user.password }],
  ];
  for (const [where, input] of inputs) await ask(where, LOGIN, { input }, null);
}

async function changeOneself({ ask, system, user, login }: House) {
  const own = { currentPassword: user.password };
  const inputs: readonly [string, object][] = [
    ["a wrong change of a password", { password: "short", ...own }],
    ["a change to a wrong form", { password: { of: user.password }, currentPassword: 1 }],
    ["a change by a wrong password", { password: user.password, currentPassword: aPassword() }],
    ["a change of an address", { email: "ada.lovelace@example.com", ...own }],
    ["a change of a password to itself", { password: user.password, ...own }],
  ];
  for (const [where, input] of inputs) await ask(where, ME, { input }, login.sessionToken);
  const registration = { ...system, email: "no address", password: user.password };
  await ask("a registration", REGISTER, { input: registration }, null);
}

/** The reset comes to pass once, and the password stays what it was. */
async function useOneTimeTokens({ ask, system, user, reset, verification }: House) {
  const { password } = user;
  for (const token of [reset, verification]) {
    await ask("a verification", VERIFY, { input: { ...system, token, password } }, null);
    await ask("a wrong reset", RESET, { input: { ...system, token, password: "short" } }, null);
  }
  for (const token of [verification, reset, reset]) {
    await ask("a reset", RESET, { input: { ...system, token, password } }, null);
  }
  for (let time = 0; time < 2; time += 1) {
    await ask(
      "a verification",
      VERIFY,
      { input: { ...system, token: verification, password } },
      null,
    );
  }
}

async function transfer({ send, urls }: House) {
  for (const path of [urls.download, urls.download, urls.upload]) {
    await send("a file that is fetched", { path, method: "GET" });
  }
  for (const path of [urls.upload, urls.upload, urls.download]) {
    await send("a file that is sent", { path, method: "PUT", body: '[{"name": "sent"}]' });
  }
}

const KEPT = `{
  tenant { id slug systemKey userAttributes { name } }
  keys { nodes { id name status createdAt expiresAt lastUsedAt createdBy roles { name } } }
  accessTokens { nodes { id clientId createdAt expiresAt } }
  users { nodes { id email emailVerified attributes roleNames sessions { nodes { id status ip } } } }
  sessions { nodes { id status createdAt lastUsedAt ip user { id } } }
  events(first: 1000) { nodes { id name outcome principalId principalName target reason ip } }
  trustedIssuers { nodes { id issuer audience jwksUrl } }
  verifyEvents { ok checked fault unsealed head { number mac } }
  viewer { id name kind roles permissions }
}`;

/** Asks the API for all that it tells of what has secrets. */
export async function askForAll({ ask, send, world }: House): Promise<void> {
  await world.settle();
  await world.seal();
  for (const path of ["/metrics", "/health", "/ready"]) {
    // oxlint-disable-next-line no-await-in-loop
    await send(`a question for ${path}`, { path, method: "GET" });
  }
  const text = await ask("a question for all that is kept", KEPT, {}, world.admin);
  const { errors } = JSON.parse(text) as { errors?: unknown };
  if (errors) throw new Error(text);
}

/** The names of the tables in which some row of the tenant's holds a text, whichever of its columns. */
export async function tablesWith({ world }: House, text: string): Promise<string[]> {
  const { pool } = world.database;
  const { rows: tables } = await pool.query<{ name: string }>(sql`
    SELECT format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND (n.nspname = 'public' OR obj_description(c.oid, 'pg_class') = ${world.tenantId})`);
  const having: string[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query(
      `SELECT FROM ${name} AS t WHERE strpos(t::text, $1) > 0 LIMIT 1`,
      [text],
    );
    if (rows.length > 0) having.push(name);
  }
  return having;
}
