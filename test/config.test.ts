import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { ConfigError, parseConfig, VARIABLES } from "../src/config.ts";

const DEFAULTS = {
  databaseUrl: null,
  port: 4000,
  host: "127.0.0.1",
  dataDir: ".fieldgate",
  logLevel: "info",
  demo: null,
  corsOrigins: [],
  publicUrl: null,
  dpopNonceSeconds: null,
  allowPrivateAddresses: false,
  eventKey: null,
  identityHook: null,
};

test("an empty environment is enough", () => {
  expect(parseConfig({})).toEqual(DEFAULTS);
});

test("an empty variable is an unset one", () => {
  expect(parseConfig(Object.fromEntries(VARIABLES.map((name) => [name, ""])))).toEqual(DEFAULTS);
});

test(".env.example shows every variable, with its default", () => {
  const example = parseEnv(readFileSync(new URL("../.env.example", import.meta.url), "utf8"));
  expect(Object.keys(example).toSorted()).toEqual([...VARIABLES].toSorted());
  expect(parseConfig(example)).toEqual(DEFAULTS);
});

test("every variable can be set", () => {
  const config = parseConfig({
    DATABASE_URL: "postgresql://me:secret@db.example:5433/fieldgate?sslmode=require",
    PORT: "0",
    HOST: "::1",
    FIELDGATE_DATA_DIR: "/var/lib/field gate",
    LOG_LEVEL: "debug",
    FIELDGATE_DEMO: "1",
    FIELDGATE_CORS_ORIGINS: "https://a.example, http://localhost:3000",
    FIELDGATE_PUBLIC_URL: "https://api.example.com/data",
    FIELDGATE_DPOP_NONCE_SECONDS: "120",
    FIELDGATE_ALLOW_PRIVATE_ADDRESSES: "1",
    EVENT_KEY: Buffer.alloc(32, 7).toString("base64"),
    FIELDGATE_IDENTITY_HOOK_URL: "https://hooks.example/identity",
    FIELDGATE_IDENTITY_HOOK_SECRET: "0123456789abcdef",
  });
  expect(config).toEqual({
    databaseUrl: "postgresql://me:secret@db.example:5433/fieldgate?sslmode=require",
    port: 0,
    host: "::1",
    dataDir: "/var/lib/field gate",
    logLevel: "debug",
    demo: true,
    corsOrigins: ["https://a.example", "http://localhost:3000"],
    publicUrl: "https://api.example.com/data",
    dpopNonceSeconds: 120,
    allowPrivateAddresses: true,
    eventKey: Buffer.alloc(32, 7),
    identityHook: { url: "https://hooks.example/identity", secret: "0123456789abcdef" },
  });
  expect(parseConfig({ FIELDGATE_DEMO: "0" }).demo).toBe(false);
});

describe("a wrong value stops the start:", () => {
  test.each([
    ["PORT", "abc"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["PORT", "1e3"],
    ["PORT", " "],
    ["HOST", "http://localhost"],
    ["LOG_LEVEL", "loud"],
    ["LOG_LEVEL", "INFO"],
    ["FIELDGATE_DEMO", "yes"],
    ["FIELDGATE_ALLOW_PRIVATE_ADDRESSES", "true"],
    ["FIELDGATE_CORS_ORIGINS", "*"],
    ["FIELDGATE_CORS_ORIGINS", "null"],
    ["FIELDGATE_CORS_ORIGINS", "https://a.example/"],
    ["FIELDGATE_CORS_ORIGINS", "https://a.example,"],
    ["FIELDGATE_CORS_ORIGINS", "a.example"],
    ["FIELDGATE_PUBLIC_URL", "api.example.com"],
    ["FIELDGATE_PUBLIC_URL", "ftp://api.example.com"],
    ["FIELDGATE_PUBLIC_URL", "https://api.example.com/"],
    ["FIELDGATE_PUBLIC_URL", "https://api.example.com/data/"],
    ["FIELDGATE_PUBLIC_URL", "https://api.example.com?x"],
    ["FIELDGATE_PUBLIC_URL", "https://me:hunter2@api.example.com"],
    ["FIELDGATE_DPOP_NONCE_SECONDS", "9"],
    ["FIELDGATE_DPOP_NONCE_SECONDS", "86401"],
    ["FIELDGATE_DPOP_NONCE_SECONDS", "a minute"],
  ])("%s=%s", (name, value) => {
    const message = messageOf({ [name]: value });
    expect(message).toContain(`  ${name} must be `);
    expect(message).toContain(`It is ${JSON.stringify(value)}.`);
    expect(message.split("\n")).toHaveLength(2);
  });

  test("all of them are named at once", () => {
    const message = messageOf({ PORT: "x", LOG_LEVEL: "x", FIELDGATE_DEMO: "x", HOST: "ok" });
    expect(message.match(/^ {2}\w+/gm)).toEqual(["  PORT", "  LOG_LEVEL", "  FIELDGATE_DEMO"]);
    expect(message).toContain("unset them for their defaults");
  });

  test.each([
    "mysql://me:hunter2@db/x",
    "postgres//me:hunter2@db/x",
    "host=db password=hunter2",
    "postgres://me:hunter2@db:port/x",
  ])("a password in %s is not repeated", (url) => {
    const message = messageOf({ DATABASE_URL: url });
    expect(message).toContain("DATABASE_URL must be a URL such as postgres://");
    expect(message).not.toContain("hunter2");
  });

  test.each(["hooks.example/hunter2", "ftp://hooks.example/hunter2"])(
    "nor is %s, which is no URL of a hook",
    (url) => {
      const message = messageOf({ FIELDGATE_IDENTITY_HOOK_URL: url });
      expect(message).toContain("FIELDGATE_IDENTITY_HOOK_URL must be the http or https URL");
      expect(message).not.toContain("hunter2");
    },
  );

  test("nor is that of a hook, which has a variable of its own", () => {
    const url = "https://ops:hunter2@hooks.example/identity";
    const message = messageOf({ FIELDGATE_IDENTITY_HOOK_URL: url });
    expect(message).toContain(
      "without a name and password in it: see FIELDGATE_IDENTITY_HOOK_SECRET",
    );
    expect(message).not.toContain("hunter2");
  });
});

test.each(["c2hvcnQ=", "not base64, hunter2", Buffer.alloc(31, "hunter2").toString("base64")])(
  "EVENT_KEY=%s is no key, and not repeated",
  (text) => {
    const message = messageOf({ EVENT_KEY: text });
    expect(message).toContain("EVENT_KEY must be at least 32 random bytes in base64");
    expect(message).not.toContain(text);
  },
);

function messageOf(env: Record<string, string>): string {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("The environment was accepted.");
}
