import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi } from "./throwaway-api.ts";

let api: Awaited<ReturnType<typeof openApi>>;

beforeAll(async () => {
  api = await openApi();
});

afterAll(() => api.close());

const HELLO = { query: "{ hello }" };

describe("a request body", () => {
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    'APPLICATION/JSON;charset="UTF-8"',
  ])("may be %s", async (type) => {
    const { status, json } = await api.post(HELLO, { "content-type": type });
    expect(status).toBe(200);
    expect(json.data).toEqual({ hello: "Hello, you" });
  });

  test.each([
    "",
    "text/plain",
    "text/plain;application/json",
    "application/graphql",
    "application/graphql+json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/json, text/plain",
    "application/jsonx",
  ])("may not be %j", async (type) => {
    const { status, json, headers } = await api.post(
      { query: "mutation { change }" },
      { "content-type": type },
    );
    expect(status).toBe(415);
    expect(json.errors?.[0]?.extensions).toEqual({
      code: "BAD_USER_INPUT",
      requestId: headers.get("x-request-id"),
    });
  });

  test("may not be compressed", async () => {
    const { status } = await api.post(HELLO, { "content-encoding": "gzip" });
    expect(status).toBe(415);
  });

  test("that says it is larger than 16 MiB is refused before it is read", async () => {
    const answer = await api.raw(
      "POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n" +
        `Content-Length: ${16 * 1024 * 1024 + 1}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('"LIMIT_EXCEEDED"');
  });

  test("that turns out larger than 16 MiB is refused on the way", async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(32);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if ((sent += 1) > 20) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body, duplex: "half" };
    const { status, json } = await api.ask("/graphql", init);
    expect(status).toBe(413);
    expect(json.errors?.[0]?.extensions["code"]).toBe("LIMIT_EXCEEDED");
  });

  test.each([
    ["that is too large", "application/json", 17],
    ["of a type that is refused", "text/plain", 3],
  ])("%s leaves its connection fit for the next request", async (_, type, mebibytes) => {
    const mebibyte = `100000\r\n${" ".repeat(1024 * 1024)}\r\n`;
    const answers = await api.raw(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nTransfer-Encoding: chunked\r\n\r\n` +
        `${mebibyte.repeat(mebibytes)}0\r\n\r\n` +
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual([
      type === "text/plain" ? "HTTP/1.1 415" : "HTTP/1.1 413",
      "HTTP/1.1 200",
    ]);
  });

  test("that is no UTF-8 is the caller's mistake", async () => {
    const body = Buffer.concat([
      Buffer.from('{"query":"{ hello(name: \\"'),
      Buffer.from([0xff]),
      Buffer.from('\\") }"}'),
    ]);
    const headers = { "content-type": "application/json" };
    const { status, json } = await api.ask("/graphql", { method: "POST", headers, body });
    expect(status).toBe(400);
    expect(json.errors?.[0]?.message).toBe("The request body is not valid UTF-8.");
  });

  test("just under 16 MiB passes", async () => {
    const name = "x".repeat(16 * 1024 * 1024 - 200);
    const query = "query ($name: String) { hello(name: $name) }";
    const { status } = await api.post({ query, variables: { name } });
    expect(status).toBe(200);
  });

  test.each([
    ["no JSON", "{"],
    ["empty", ""],
    ["a number", "1"],
    ["null", "null"],
    ["a batch", JSON.stringify([HELLO, HELLO])],
    ["an empty batch", "[]"],
    ["a batch of nothing", "[[]]"],
    ["without a query", "{}"],
    ["with a query that is no text", '{"query": 1}'],
    ["with more than a request has", '{"query": "{ hello }", "more": 1}'],
    ["deep as a well", `{"query": "{ hello }", "variables": ${"[".repeat(100_000)}`],
  ])("%s is the caller's mistake", async (_, body) => {
    const { status, json, text } = await api.post(body);
    expect(status).toBe(400);
    expect(json.errors?.[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
    expect(text).not.toContain("originalError");
  });
});

describe("the method", () => {
  test("GET carries queries", async () => {
    const { json } = await api.ask("/graphql?query={hello}");
    expect(json.data).toEqual({ hello: "Hello, you" });
  });

  test("GET never carries a mutation", async () => {
    const { status, json } = await api.ask("/graphql?query=mutation{change}");
    expect(status).toBe(405);
    expect(json.errors?.[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
    expect(json.data).toBeUndefined();
  });

  test.each(["?query={hello}&variables={", "?query={hello}&extensions=x", "?variables={}", ""])(
    "GET %j is the caller's mistake",
    async (search) => {
      const { status, json } = await api.ask(`/graphql${search}`);
      expect(status).toBe(400);
      expect(json.errors?.[0]?.extensions["code"]).toBe("BAD_USER_INPUT");
    },
  );

  test.each(["PUT", "DELETE", "PATCH", "OPTIONS"])("%s is not allowed", async (method) => {
    const { status, headers } = await api.ask("/graphql", { method });
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe("GET, POST");
  });
});

describe("an address", () => {
  test("that makes no URL gets no stack", async () => {
    const answer = await api.raw(
      "GET /graphql?query={hello} HTTP/1.1\r\nHost: a b[\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).not.toMatch(/node_modules|TypeError/);
  });

  test("that only ends like a probe's is not one", async () => {
    const { json } = await api.ask("/graphql?query={hello}&operationName=&x=/health");
    expect(json).not.toHaveProperty("status");
  });

  test.each(["/graphql/", "/graphql/x", "/GRAPHQL", "/x", "//graphql", "/metrics"])(
    "%s leads nowhere",
    async (path) => {
      const { status, json } = await api.ask(path);
      expect(status).toBe(404);
      expect(json.errors?.[0]?.extensions["code"]).toBe("NOT_FOUND");
    },
  );

  test("/ shows a person the way", async () => {
    const { status, headers } = await api.ask("/", {
      headers: { accept: "text/html" },
      redirect: "manual",
    });
    expect(status).toBe(303);
    expect(headers.get("location")).toBe("/graphql");
  });
});

test("every answer carries the headers that keep browsers from harm", async () => {
  for (const path of ["/graphql?query={hello}", "/health", "/nowhere", "/graphql?query={"]) {
    // oxlint-disable-next-line no-await-in-loop
    const { headers } = await api.ask(path);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  }
});

describe("another origin's page", () => {
  const origin = "https://app.example.com";
  const preflight = { "access-control-request-method": "POST" };

  test("learns nothing unless origins are configured", async () => {
    for (const method of ["GET", "OPTIONS"]) {
      const init = { method, headers: { origin, ...preflight } };
      // oxlint-disable-next-line no-await-in-loop
      const { headers } = await api.ask("/graphql?query={hello}", init);
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("of a configured origin is let in, with cookies, and none else", async () => {
    const open = await openApi({ corsOrigins: [origin, "https://b.example"] });
    const asked = await open.ask("/graphql", {
      method: "OPTIONS",
      headers: { origin, ...preflight },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-headers")).toContain("X-API-Key");
    const { headers, json } = await open.post(HELLO, { origin });
    expect(json.data).toEqual({ hello: "Hello, you" });
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    for (const each of [asked.headers, headers]) {
      expect(each.get("access-control-allow-credentials")).toBe("true");
    }
    expect(headers.get("access-control-expose-headers")).toContain("DPoP-Nonce");
    expect(headers.get("vary")).toBe("Origin");
    await open.close();
  });

  test("of an origin that only looks like it is not", async () => {
    const open = await openApi({ corsOrigins: [origin] });
    const others = [
      "null",
      "https://app.example.com.evil.test",
      "https://evil.app.example.com",
      "http://app.example.com",
      "https://app.example.com:8443",
      "https://APP.example.com",
      "https://example.com",
    ];
    for (const other of others) {
      // oxlint-disable-next-line no-await-in-loop
      const { headers } = await open.post(HELLO, { origin: other });
      expect(headers.get("access-control-allow-origin")).toBeNull();
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      expect(headers.get("vary")).toBe("Origin");
    }
    await open.close();
  });
});

describe("GraphiQL", () => {
  const headers = { accept: "text/html,application/xhtml+xml" };

  test("is for browsers, and loads nothing from anywhere", async () => {
    const page = await api.ask("/graphql", { headers });
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^;]+;/);
    expect(policy).toContain("connect-src 'self'; base-uri 'none'; form-action 'none'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    // Of the markup around the script: nothing is fetched but what is in the page.
    const markup = page.text.replaceAll(/<(script|style)>[^]*<\/\1>/g, "");
    expect(markup.match(/(src|href|action)="(?!data:)[^"]*/g)).toBeNull();
    expect(page.text.match(/(@import|url\(["']?(https?:)?\/\/)/g)).toBeNull();
    expect(page.text.match(/\/\/(cdn|unpkg|esm)[^"\s]*/g)).toBeNull();
  });

  test("is sent compressed where that is understood", async () => {
    const plain = await api.ask("/graphql", { headers: { ...headers, "accept-encoding": "br" } });
    const packed = await api.ask("/graphql", { headers });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(packed.headers.get("content-encoding")).toBe("gzip");
    expect(packed.text === plain.text).toBe(true);
  });

  test("runs the key bar's script and GraphiQL's own, hashed as a browser hashes them", async () => {
    const { text, headers: answered } = await api.ask("/graphql", { headers });
    expect(/[\r\0]/.test(text)).toBe(false);
    expect(text.match(/<\/script/g)).toHaveLength(2);
    const scripts = [...text.matchAll(/<script>([^]*?)<\/script>/g)].map(
      ([, script = ""]) => script,
    );
    const hashes = scripts.map(
      (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    );
    const [, allowed] =
      /script-src ([^;]+);/.exec(answered.get("content-security-policy") ?? "") ?? [];
    expect(allowed).toBe(hashes.join(" "));
    expect(text.replaceAll(/<(script|style)>[^]*?<\/\1>/g, "")).not.toMatch(/\son\w+=/);
  });

  test("opens with the tabs that it is given", async () => {
    const graphiqlTabs = [{ query: "query Mine { hello }", variables: '{ "a": 1 }' }];
    const other = await openApi({ graphiqlTabs });
    const given = await other.ask("/graphql", { headers });
    expect(given.text).toContain(JSON.stringify(graphiqlTabs[0]).slice(1, -1));
    expect((await api.ask("/graphql", { headers })).text).not.toContain("query Mine");
    await other.close();
  });

  test("is not for HEAD", async () => {
    const { status } = await api.ask("/graphql", { method: "HEAD", headers });
    expect(status).toBe(405);
  });
});

describe("probes", () => {
  test("tell that the process is up and that it can serve", async () => {
    expect((await api.ask("/health")).json).toEqual({ status: "up" });
    expect((await api.ask("/ready")).json).toEqual({ status: "ready" });
    expect((await api.ask("/ready", { method: "HEAD" })).status).toBe(200);
    expect((await api.ask("/ready", { method: "POST" })).status).toBe(405);
  });

  test("tell that it cannot serve, also when that fails to be found out", async () => {
    const answers = [async () => false, () => Promise.reject(new Error("secret"))];
    for (const ready of answers) {
      /* oxlint-disable no-await-in-loop */
      const down = await openApi({ ready });
      const { status, text } = await down.ask("/ready");
      expect(status).toBe(503);
      expect(text).toBe('{"status":"not ready"}');
      expect((await down.ask("/health")).status).toBe(200);
      await down.close();
      /* oxlint-enable no-await-in-loop */
    }
  });
});
