import { randomBytes } from "node:crypto";
import { createApp } from "../../src/app.ts";
import { createTenant } from "../../src/domain/tenant/create-tenant.ts";
import { type EventKey, eventKeyOf } from "../../src/events/event-key.ts";
import { Journal } from "../../src/events/journal.ts";
import { Sealer } from "../../src/events/sealer.ts";
import type { IdentityMessage } from "../../src/identity/message/identity-message.ts";
import { PublicError } from "../../src/graphql/errors.ts";
import { createLog } from "../../src/http/log.ts";
import { serve } from "../../src/http/server.ts";
import { TRANSFERS } from "../../src/http/transfer.ts";
import { inOne, whole } from "./files.ts";
import { OutsideVerifier } from "../../src/identity/jwt/outside-verifier.ts";
import { createTransport } from "../../src/http/transport.ts";
import type { ProofRules } from "../../src/identity/token/presented-possession.ts";
import { createTransfers } from "../../src/transfers/create-transfers.ts";
import { testDatabase } from "./database.ts";

/** What one request came back with. */
export interface Answer<Data = Record<string, unknown>> {
  readonly status: number;
  /** The body as it was sent, for answers that must be alike to the byte. */
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Data | null;
  readonly errors: readonly AnsweredError[];
}

/** One error of an answer. */
export interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code?: string; readonly [name: string]: unknown };
}

/** Who asks, and with what. */
export interface Asking {
  /** The text of a key; `null`: nobody's. The tenant's administrator where it is left out. */
  readonly key?: string | null;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** The address that the request comes from. */
  readonly ip?: string;
}

/** A role as tests speak of it; each grant is an override for a dataset, or for one of its columns or links. */
export interface NewRole {
  readonly name?: string;
  readonly permissions?: readonly string[];
  readonly canRead?: boolean;
  readonly canCreate?: boolean;
  readonly canUpdate?: boolean;
  readonly canDelete?: boolean;
  readonly grants?: readonly NewGrant[];
}

/** A role's override, as `setGrant` takes it. */
export interface NewGrant {
  readonly datasetId: string;
  readonly columnId?: string;
  readonly linkId?: string;
  readonly read?: "ALLOW" | "WITHHOLD";
  readonly create?: "ALLOW" | "WITHHOLD";
  readonly update?: "ALLOW" | "WITHHOLD";
  readonly delete?: "ALLOW" | "WITHHOLD";
  /** A `RowFilter` for each action. */
  readonly rowFilter?: Readonly<Partial<Record<"read" | "create" | "update" | "delete", object>>>;
}

/** A key as tests speak of it: the ids of its roles, or roles made for it. */
export interface NewKey {
  readonly name?: string;
  readonly roles: readonly (string | NewRole)[];
  readonly publishable?: boolean;
  readonly expiresAt?: Date;
}

/** An access token as `createAccessToken` takes it, and the key that makes it: its text, or roles of one made for it. */
export interface NewToken extends Readonly<Record<string, unknown>> {
  readonly key?: string;
  readonly roles?: readonly (string | NewRole)[];
}

/** A dataset as `createDataset` takes it, and its rows as `createRows` does. */
export interface NewDataset {
  readonly name?: string;
  readonly columns: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
  readonly keyColumns?: readonly string[];
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
}

/** A link as `addLink` takes it. */
export interface NewLink {
  readonly datasetId: string;
  readonly targetId: string;
  readonly name?: string;
  readonly many?: boolean;
  readonly readableBy?: readonly string[];
}

/** A tenant of its own for one test, and an API to ask. Nothing of it is ever cleaned up. */
export type World = Awaited<ReturnType<typeof aWorld>>;

const database = await testDatabase();

/** The key under which the events of every world are sealed. */
export const EVENT_KEY = eventKeyOf(Buffer.alloc(32, "a key of tests"));

/** What login and registration present of a tenant. */
export interface SystemSecret {
  readonly systemKey: string;
  readonly systemSecret: string;
}

/** A user as tests speak of it: the ids of its roles, or roles made for it. */
export interface NewUser {
  readonly email?: string;
  readonly password?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly serviceAccount?: boolean;
  readonly roles?: readonly (string | NewRole)[];
}

/** A user that was made. */
export interface MadeUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
}

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { sessionToken } }`;

/** What a world is made with, where it is not as usual. */
export interface WorldOptions {
  /** Whether its API fetches the keys of issuers from this machine too. */
  readonly allowPrivate?: boolean;
  /** Where its API writes what it does. */
  readonly log?: ReturnType<typeof createLog>;
  /** What its API holds proofs to. */
  readonly proofs?: ProofRules;
  /** The key under which its events are sealed. */
  readonly eventKey?: EventKey;
  /** Takes what users are to be told besides. */
  readonly deliver?: (message: IdentityMessage) => void;
}

/** Makes a tenant that no other test knows of. */
export async function aWorld({
  allowPrivate = true,
  log = createLog("silent"),
  proofs = { publicUrl: null, dpopNonceSeconds: null },
  eventKey = EVENT_KEY,
  ...others
}: WorldOptions = {}) {
  const slug = uniqueName("t");
  const { key: admin, ...ids } = await createTenant(database, { slug });
  let ahead = 0;
  let system: SystemSecret | null = null;
  const now = () => new Date(Date.now() + ahead);
  const journal = new Journal({ database, log, now });
  const sealer = new Sealer({ database, log, key: eventKey });
  const verifier = new OutsideVerifier({ now, allowPrivate });
  const messages: IdentityMessage[] = [];
  const deliver = (message: IdentityMessage) => {
    messages.push(message);
    others.deliver?.(message);
  };
  const ports = { database, log, now, journal, deliver, eventKey, verifier, proofs };
  const app = createApp(ports);

  /** Sends one document and takes whatever comes back. */
  const run = async <Data = Record<string, unknown>>(query: string, asking: Asking = {}) => {
    const { key = admin, variables, headers, ip = null } = asking;
    const init = {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key === null ? {} : { "x-api-key": key }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    };
    const transport = { requestId: "test", trace: {}, ip };
    const response = await app.fetch("http://fieldgate.test/graphql", init, transport);
    return await answerOf<Data>(response);
  };

  /** Sends one document that has to succeed, such as one that prepares a test. */
  const ask = async <Data = Record<string, unknown>>(query: string, asking: Asking = {}) => {
    const { data, errors, text } = await run<Data>(query, asking);
    if (!data || errors.length > 0) throw new Error(`The document failed: ${text}`);
    return data;
  };

  const transfers = createTransfers({ database, log, now, journal });

  return {
    ...ids,
    slug,
    admin,
    database,
    run,
    ask,
    /** Serves the API with its one-time URLs on a free port. */
    listen: () => {
      const transport = createTransport(app, { log, ready: async () => true, transfers });
      return serve(transport, { host: "127.0.0.1", port: 0 });
    },
    /** Fetches what a one-time URL leads to, without HTTP. Fails as whoever presents it would hear. */
    download: async (url: string) => {
      const presenting = { requestId: "test", ip: null, signal: new AbortController().signal };
      const download = await transfers.download(url.replace(TRANSFERS, ""), presenting);
      try {
        return await whole(download);
      } finally {
        await download.close();
      }
    },
    /** Sends a file to a one-time URL, without HTTP. @returns The code of its refusal; `OK` where there is none. */
    upload: async (url: string, file: string): Promise<string> => {
      const presenting = { requestId: "test", ip: null, signal: new AbortController().signal };
      const bytes = Buffer.from(file);
      const upload = { bytes: bytes.length, chunks: inOne(bytes) };
      try {
        await transfers.upload(url.replace(TRANSFERS, ""), upload, presenting);
        return "OK";
      } catch (error) {
        if (error instanceof PublicError) return error.code;
        throw error;
      }
    },
    /** The time by this world's clock. */
    now,
    /** Lets time pass for this world's clock. */
    wait: (seconds: number) => {
      ahead += seconds * 1_000;
    },
    /** Has what strangers did written to the log, as otherwise happens a second later. */
    settle: () => journal.flush(),
    /** Seals the events of the tenant, as otherwise happens a second later. */
    seal: () => sealer.seal(ids.tenantId),
    /** @returns The id of the new role. */
    role: (role: NewRole) => createRole(ask, role),
    /** @returns The text of the new key. */
    key: async (key: NewKey) => (await createKey(ask, key)).secret,
    /** @returns The id and the text of the new key. */
    keyWithId: (key: NewKey) => createKey(ask, key),
    /** @returns The id and the text of the new token, and how the one browser asks with it that it is bound to. */
    token: (token: NewToken) => createToken(ask, token),
    /** @returns The ids of the new dataset, of its columns by their names, and of its rows. */
    dataset: (dataset: NewDataset) => createDataset(ask, dataset),
    /** @returns The id and the name of the new link. */
    link: (link: NewLink) => addLink(ask, link),
    /** What users were told, in its order. */
    messages,
    /** @returns What login and registration present of the tenant. */
    system: async (): Promise<SystemSecret> => (system ??= await rollSystemSecret(ask)),
    /** @returns The id, the address and the password of the new user. */
    user: (user: NewUser = {}) => registerUser(ask, user),
    /** @returns The text of a session of a user, after a login. */
    login: async ({ email, password }: Pick<MadeUser, "email" | "password">) => {
      system ??= await rollSystemSecret(ask);
      const input = { ...system, email, password };
      const { login } = await ask<{ login: { sessionToken: string } }>(LOGIN, {
        key: null,
        variables: { input },
      });
      return login.sessionToken;
    },
  };
}

/** A name that nothing else has. */
export function uniqueName(prefix: string): string {
  return `${prefix}_${randomBytes(8).toString("hex")}`;
}

type Ask = <Data>(query: string, asking?: Asking) => Promise<Data>;

async function answerOf<Data>(response: Response): Promise<Answer<Data>> {
  const text = await response.text();
  const { data = null, errors = [] } = JSON.parse(text) as Partial<Answer<Data>>;
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, text, headers, data, errors };
}

async function createRole(ask: Ask, { grants = [], ...role }: NewRole): Promise<string> {
  const made = await ask<{ createRole: { role: { id: string } } }>(
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { variables: { input: { name: uniqueName("role"), ...role } } },
  );
  const roleId = made.createRole.role.id;
  for (const grant of grants) {
    // One after the other: each changes the rights of the tenant.
    // eslint-disable-next-line no-await-in-loop
    await ask(`mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`, {
      variables: { input: { roleId, ...grant } },
    });
  }
  return roleId;
}

async function createKey(ask: Ask, { roles, ...key }: NewKey) {
  const roleIds: string[] = [];
  for (const role of roles) {
    // eslint-disable-next-line no-await-in-loop
    roleIds.push(typeof role === "string" ? role : await createRole(ask, role));
  }
  const made = await ask<{ createKey: { key: { id: string }; secret: string } }>(
    `mutation ($input: CreateKeyInput!) { createKey(input: $input) { key { id } secret } }`,
    { variables: { input: { name: uniqueName("key"), ...key, roleIds } } },
  );
  return { id: made.createKey.key.id, secret: made.createKey.secret };
}

/** Mints tokens, and nothing else. */
const MINTING: NewRole = { permissions: ["access_token::create"] };

/** What a browser presents besides a token that is bound by a cookie. */
export function aCookie(): string {
  return `__Host-fieldgate=${randomBytes(32).toString("base64url")}`;
}

async function createToken(ask: Ask, { key, roles = [], ...token }: NewToken) {
  const made = await ask<{ createAccessToken: { accessToken: { id: string }; secret: string } }>(
    `mutation ($input: CreateAccessTokenInput!) {
       createAccessToken(input: $input) { accessToken { id } secret } }`,
    {
      key: key ?? (await createKey(ask, { roles: [...roles, MINTING] })).secret,
      variables: { input: { binding: "COOKIE", ...token } },
    },
  );
  const { accessToken, secret } = made.createAccessToken;
  const headers = { authorization: `Bearer ${secret}`, cookie: aCookie() };
  return { id: accessToken.id, secret, asking: { key: null, headers } };
}

async function rollSystemSecret(ask: Ask): Promise<SystemSecret> {
  const { rollSystemSecret: rolled } = await ask<{ rollSystemSecret: SystemSecret }>(
    "mutation { rollSystemSecret { systemKey systemSecret } }",
  );
  return rolled;
}

async function registerUser(ask: Ask, { roles = [], ...user }: NewUser): Promise<MadeUser> {
  const email = `${uniqueName("user")}@example.com`;
  const input = { email, password: "a long enough phrase", ...user };
  const made = await ask<{ registerUser: { user: { id: string } } }>(
    `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`,
    { variables: { input } },
  );
  const { id } = made.registerUser.user;
  const roleIds: string[] = [];
  for (const role of roles) {
    // eslint-disable-next-line no-await-in-loop
    roleIds.push(typeof role === "string" ? role : await createRole(ask, role));
  }
  if (roleIds.length > 0) {
    await ask(
      `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`,
      {
        variables: { input: { userId: id, roleIds } },
      },
    );
  }
  return { id, email: input.email, password: input.password };
}

async function createDataset(ask: Ask, { rows = [], ...dataset }: NewDataset) {
  interface Made {
    createDataset: { dataset: { id: string; columns: { id: string; name: string }[] } };
  }
  const made = await ask<Made>(
    `mutation ($input: CreateDatasetInput!) {
       createDataset(input: $input) { dataset { id columns { id name } } }
     }`,
    { variables: { input: { name: uniqueName("dataset"), ...dataset } } },
  );
  const { id, columns } = made.createDataset.dataset;
  const columnIds = Object.fromEntries(columns.map((column) => [column.name, column.id]));
  if (rows.length === 0) return { id, columns: columnIds, rows: [] };
  const filled = await ask<{ createRows: { rows: { id: string }[] } }>(
    `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id } } }`,
    { variables: { input: { datasetId: id, rows } } },
  );
  return { id, columns: columnIds, rows: filled.createRows.rows.map((row) => row.id) };
}

async function addLink(ask: Ask, link: NewLink) {
  const made = await ask<{ addLink: { link: { id: string; name: string } } }>(
    `mutation ($input: AddLinkInput!) { addLink(input: $input) { link { id name } } }`,
    { variables: { input: { name: uniqueName("link"), ...link } } },
  );
  return made.addLink.link;
}
