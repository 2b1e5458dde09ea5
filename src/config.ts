import * as z from "zod";
import type { IdentityHook } from "./identity/message/identity-hook.ts";
import { EVENT_KEY_BYTES } from "./events/event-key.ts";

/** What the deployment decides. */
export interface Config {
  /** Null: the embedded database in {@link Config.dataDir}. */
  readonly databaseUrl: string | null;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** Null: nobody decided, so the demo is made in an empty embedded database alone. */
  readonly demo: boolean | null;
  /** Web origins whose pages may call the API, as a browser writes them. */
  readonly corsOrigins: readonly string[];
  /** What stands before the path of the API for those outside, without a slash; null: what each request says. */
  readonly publicUrl: string | null;
  /** For how many seconds a nonce is given out to whoever makes DPoP proofs; null: none are asked for. */
  readonly dpopNonceSeconds: number | null;
  /** Whether what tenants name, such as the keys of an issuer, may be fetched from private addresses. */
  readonly allowPrivateAddresses: boolean;
  /** The key under which events are sealed; null: one that is made once and kept in {@link Config.dataDir}. */
  readonly eventKey: Buffer | null;
  /** Where messages to users go; null: to nobody, and with the embedded database to standard output. */
  readonly identityHook: IdentityHook | null;
}

/** How much is logged, from everything to nothing. */
export type LogLevel = (typeof LOG_LEVELS)[number];

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** The environment is wrong. The message names every faulty variable and what to do. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Every variable that is read. The description is what a wrong value is answered with, so it says what is
 * allowed. `.env.example` shows the same to those who deploy, and a test holds the two together.
 */
const Environment = z.object({
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .describe(
      "a URL such as postgres://user:password@host:5432/database, or nothing for the embedded database",
    ),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(4000)
    .describe("a whole number from 0 to 65535, where 0 lets the system choose"),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/)
    .default("127.0.0.1")
    .describe("a host name or an IP address; 0.0.0.0 listens on every interface"),
  FIELDGATE_DATA_DIR: z
    .string()
    .refine((path) => !path.includes("\0"))
    .default(".fieldgate")
    .describe("the path of a folder, which is made if it is not there"),
  LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default("info")
    .describe(`one of ${LOG_LEVELS.join(", ")}`),
  FIELDGATE_DEMO: z
    .enum(["0", "1"])
    .transform((flag) => flag === "1")
    .optional()
    .describe("1 to make the demo tenant in an empty database, or 0 never to make it"),
  FIELDGATE_CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(",").map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin))
    .default([])
    .describe("web origins with a comma between them, such as https://app.example.com"),
  FIELDGATE_PUBLIC_URL: z
    .string()
    .refine(isBase)
    .optional()
    .describe("a URL without a slash at its end, such as https://api.example.com, or nothing"),
  FIELDGATE_DPOP_NONCE_SECONDS: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((seconds) => seconds >= 10 && seconds <= 86_400)
    .optional()
    .describe("a whole number of seconds from 10 to 86400, or nothing to ask for no nonces"),
  FIELDGATE_ALLOW_PRIVATE_ADDRESSES: z
    .enum(["0", "1"])
    .transform((flag) => flag === "1")
    .default(false)
    .describe("1 where what tenants name may be fetched from private addresses, or 0"),
  EVENT_KEY: z
    .base64()
    .transform((text) => Buffer.from(text, "base64"))
    .refine((bytes) => bytes.length >= EVENT_KEY_BYTES)
    .optional()
    .describe(
      `at least ${EVENT_KEY_BYTES} random bytes in base64, as openssl rand -base64 ${EVENT_KEY_BYTES} prints them, and the same for every process of one database`,
    ),
  FIELDGATE_IDENTITY_HOOK_URL: z
    .url({ protocol: /^https?$/ })
    .refine(namesNobody)
    .optional()
    .describe(
      "the http or https URL that messages to users are posted to, without a name and password in it: see FIELDGATE_IDENTITY_HOOK_SECRET",
    ),
  FIELDGATE_IDENTITY_HOOK_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/)
    .optional()
    .describe("at least 16 printable characters without spaces, which the hook is presented"),
});

/** The names of the variables that are read. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

/**
 * Turns environment variables into a {@link Config}. An empty variable is an unset one.
 *
 * A function of a record: reading `process.env`, and a `.env` file beside it with `process.loadEnvFile`
 * (which leaves what is set alone), is the business of the program's entry.
 *
 * @throws {ConfigError} naming every faulty variable, so that a wrong deployment is put right in one round.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(VARIABLES.map((name) => [name, env[name] || undefined]));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw new ConfigError(complaint(parsed.error.issues, given));
  const value = parsed.data;
  return {
    databaseUrl: value.DATABASE_URL ?? null,
    port: value.PORT,
    host: value.HOST,
    dataDir: value.FIELDGATE_DATA_DIR,
    logLevel: value.LOG_LEVEL,
    demo: value.FIELDGATE_DEMO ?? null,
    corsOrigins: value.FIELDGATE_CORS_ORIGINS,
    publicUrl: value.FIELDGATE_PUBLIC_URL ?? null,
    dpopNonceSeconds: value.FIELDGATE_DPOP_NONCE_SECONDS ?? null,
    allowPrivateAddresses: value.FIELDGATE_ALLOW_PRIVATE_ADDRESSES,
    eventKey: value.EVENT_KEY ?? null,
    identityHook: value.FIELDGATE_IDENTITY_HOOK_URL
      ? {
          url: value.FIELDGATE_IDENTITY_HOOK_URL,
          secret: value.FIELDGATE_IDENTITY_HOOK_SECRET ?? null,
        }
      : null,
  };
}

const SECRETS: ReadonlySet<string> = new Set([
  "EVENT_KEY",
  "FIELDGATE_IDENTITY_HOOK_URL",
  "FIELDGATE_IDENTITY_HOOK_SECRET",
]);

type Given = Readonly<Record<string, string | undefined>>;

function complaint(issues: readonly z.core.$ZodIssue[], given: Given): string {
  const faulty = VARIABLES.filter((name) => issues.some((issue) => issue.path[0] === name));
  return [
    "The environment is not valid. Change these variables, or unset them for their defaults (see .env.example):",
    ...faulty.map((name) => `  ${name} must be ${allowed(name)}. It is ${shown(name, given)}.`),
  ].join("\n");
}

function allowed(name: string): string {
  return Environment.shape[name as keyof typeof Environment.shape].description ?? "something else";
}

/** A URL that did not parse may hold a password anywhere in it, so none is ever shown; nor is a key or a secret. */
function shown(name: string, given: Given): string {
  const value = given[name] ?? "";
  if (name === "DATABASE_URL") return "another text (not repeated here: it may hold a password)";
  if (SECRETS.has(name)) return "another text (not repeated here: it may be a secret)";
  return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Also of what is no URL, which is told already. */
function namesNobody(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}

/** With a path, if there is one, that the path of the API can follow. */
function isBase(text: string): boolean {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return false;
  const { origin, pathname } = new URL(text);
  return text === (pathname === "/" ? origin : `${origin}${pathname}`) && !text.endsWith("/");
}
