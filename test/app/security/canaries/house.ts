import { randomBytes } from "node:crypto";
import sql from "sql-template-tag";
import { decodeId } from "../../../../src/db/id.ts";
import { createLog } from "../../../../src/http/log.ts";
import { EVENT_KEY_BYTES, eventKeyOf } from "../../../../src/events/event-key.ts";
import { Courier } from "../../../../src/identity/message/courier.ts";
import { sendToHook } from "../../../../src/identity/message/identity-hook.ts";
import { aProver } from "../../../support/prover.ts";
import { aCookie, aWorld, type World } from "../../../support/world.ts";
import type { Canary, Written } from "./canary.ts";
import { aBrokenHook } from "./broken-hook.ts";
import { jwtsIn } from "./jwts.ts";

/** A tenant whose every secret is a canary, an API over HTTP to present them to, and all that is written down. */
export type House = Awaited<ReturnType<typeof aHouse>>;

/** A request as it is sent. */
export interface Sending {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const WHO_AM_I = JSON.stringify({ query: "{ viewer { kind id name } datasets { totalCount } }" });

/** Makes the tenant, and hands out all of its secrets. */
export async function aHouse() {
  const lines: string[] = [];
  const log = createLog("trace", { write: (line: string) => void lines.push(line) });
  const hook = await aBrokenHook();
  const courier = new Courier(sendToHook(hook), log);
  const eventKey = randomBytes(EVENT_KEY_BYTES);
  const world = await aWorld({
    log,
    eventKey: eventKeyOf(eventKey),
    deliver: (message) => courier.deliver(message),
  });
  const server = await world.listen();
  const answers: Written[] = [];

  /** Sends a request, and writes down what it is answered. */
  const send = async (where: string, sending: Sending): Promise<string> => {
    const { path = "/graphql", method = "POST", headers = {}, body } = sending;
    const response = await fetch(`${server.address}${path}`, {
      method,
      redirect: "manual",
      headers: { "content-type": "application/json", ...headers },
      ...(method === "GET" ? {} : { body: body ?? WHO_AM_I }),
    });
    const text = await response.text();
    const whole = JSON.stringify([response.status, ...response.headers, text]);
    answers.push({ where: `the answer to ${where}`, text: whole });
    return text;
  };

  /** Sends a document with its variables, by a credential or by none. */
  const ask = async (where: string, query: string, variables: object, key: string | null) =>
    await send(where, {
      headers: { ...(key !== null && { "x-api-key": key }) },
      body: JSON.stringify({ query, variables }),
    });

  const { canaries, ...secrets } = await secretsOf(world);
  const ofServer = [hook.canary, neverGiven("the key of events", eventKey)];
  const all = [...canaries, ...ofServer];
  return { world, server, courier, lines, answers, send, ask, ...secrets, canaries: all };
}

/** A password that is nobody's. */
export function aPassword(): string {
  return `canary ${randomBytes(24).toString("hex")} bird`;
}

const told = (of: string, text: string): Canary => ({ of, text, isTold: true });

/** One canary for each secret that there is: what comes is to be added here. */
async function secretsOf(world: World) {
  const dataset = await world.dataset({
    columns: [{ name: "name", type: "TEXT" }],
    rows: [{ name: "row" }],
  });
  const key = await world.keyWithId({ roles: [{ permissions: ["viewer::get"] }] });
  const system = await world.system();
  const user = await world.user({ password: aPassword(), email: "ada@example.com" });
  const door = { systemKey: system.systemKey, systemSecret: system.systemSecret };
  const { login } = await world.ask<{ login: { sessionToken: string; deviceToken: string } }>(
    `mutation ($input: LoginInput!) { login(input: $input) { sessionToken deviceToken } }`,
    { key: null, variables: { input: { ...door, email: user.email, password: user.password } } },
  );
  const token = await world.token({});
  const cookie = aCookie();
  const [reset, verification] = await oneTimeTokens(world, user.email);
  const urls = await transferUrls(world, dataset.id);
  const proof = await (await aProver()).prove({ token: token.secret });
  const jwts = await jwtsIn(world);
  const canaries: readonly Canary[] = [
    told("the administrator's key", world.admin),
    told("a key", key.secret),
    told("the system secret", system.systemSecret),
    told("a session", login.sessionToken),
    told("the mark of a device", login.deviceToken),
    told("a token to reset a password", reset),
    told("a token to verify an address", verification),
    told("an access token", token.secret),
    told("a URL to fetch from", urls.download.replace("/transfers/", "")),
    told("a URL to send to", urls.upload.replace("/transfers/", "")),
    told("a proof that a browser holds a key", proof),
    told("the token of an issuer that nobody trusts", proof.replace(/\w{20}$/, "x".repeat(20))),
    { of: "the cookie of a browser", text: cookie.replace(/^.*=/, ""), isTold: false },
    {
      of: "a password",
      text: user.password,
      isTold: false,
      stored: [await storedPassword(world, user.id)],
    },
    { ...neverGiven("the key of cursors", await cursorKey(world)), isKept: true },
    ...Object.values(jwts),
  ];
  const ofUser = { user, login, reset, verification };
  return { canaries, key, system: door, ...ofUser, token, cookie, urls, jwts };
}

async function oneTimeTokens(world: World, email: string): Promise<[string, string]> {
  const door = await world.system();
  await world.ask(
    `mutation ($input: RequestTokenInput!) { requestPasswordReset(input: $input) { done } }`,
    { key: null, variables: { input: { ...door, email } } },
  );
  const registrar = await world.key({ roles: [{ permissions: ["user::register"] }] });
  await world.ask(`mutation { registerUser(input: {email: "bob@example.com"}) { user { id } } }`, {
    key: registrar,
  });
  const sent = (kind: string) => world.messages.findLast((each) => each.kind === kind)?.token ?? "";
  return [sent("RESET_PASSWORD"), sent("VERIFY_EMAIL")];
}

async function transferUrls(world: World, datasetId: string) {
  const { out, into } = await world.ask<{ out: { url: string }; into: { url: string } }>(
    `mutation ($id: ID!) {
       out: exportRows(input: {datasetId: $id, format: JSON}) { url }
       into: importRows(input: {datasetId: $id, format: JSON}) { url } }`,
    { variables: { id: datasetId } },
  );
  return { download: out.url, upload: into.url };
}

/** What is kept of a password. */
async function storedPassword({ database }: World, userId: string): Promise<string> {
  const { rows } = await database.pool.query<{ password_hash: string }>(sql`
    SELECT password_hash FROM app_user WHERE id = ${decodeId("User", userId)}::uuid`);
  const [user] = rows;
  if (!user) throw new Error("The user has no password.");
  return user.password_hash;
}

/** What cursors and the marks of devices are signed with. */
async function cursorKey({ database, tenantId }: World): Promise<Buffer> {
  const { rows } = await database.pool.query<{ cursor_key: Buffer }>(sql`
    SELECT cursor_key FROM tenant WHERE id = ${tenantId}::uuid`);
  const key = rows[0]?.cursor_key;
  if (!key) throw new Error("The tenant has no key for its cursors.");
  return key;
}

/** Bytes that no one is ever given, however they may be written. */
function neverGiven(of: string, bytes: Buffer): Canary {
  const stored = [bytes.toString("base64"), bytes.toString("base64url")];
  return { of, text: bytes.toString("hex"), isTold: false, stored };
}
