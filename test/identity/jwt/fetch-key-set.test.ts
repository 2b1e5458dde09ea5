import type { LookupAddress, LookupAllOptions } from "node:dns";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fetchFrom, type Reachable } from "../../../src/identity/jwt/fetch-key-set.ts";
import { answering, IssuerServer } from "./issuer-server.ts";

let server: IssuerServer;

beforeAll(async () => {
  server = await IssuerServer.start(answering("keys"));
});

beforeEach(() => {
  server.connections = 0;
});

afterAll(async () => {
  await server.stop();
});

const ask = async (url: string, reachable: Reachable = { allowPrivate: false }) =>
  await fetchFrom(reachable)(new URL(url), AbortSignal.timeout(2000));

const PRIVATE = "The address is private, or public and to be asked without encryption.";

type Lookup = NonNullable<Reachable["lookup"]>;

/** A resolver that has these answers for any name, one after the other, and keeps to the last. */
function resolving(...answers: string[][]): Lookup {
  const left = [...answers];
  const resolve = (
    _host: string,
    _options: LookupAllOptions,
    found: (error: null, addresses: LookupAddress[]) => void,
  ) => {
    const addresses = (left.length > 1 ? left.shift() : left[0]) ?? [];
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return resolve as unknown as Lookup;
}

describe("From inside of the network nothing is fetched", () => {
  test.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f.1",
    "017700000001",
    "127.0.0.1.",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "%31%32%37.0.0.1",
    "public@127.0.0.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "localhost",
    "LOCALHOST",
  ])("spelt %s", async (host) => {
    for (const scheme of ["http", "https"])
      await expect(ask(`${scheme}://${host}:${server.port}/`)).rejects.toThrow(PRIVATE);
    expect(server.connections).toBe(0);
  });

  test.each([
    ["leads there", resolving(["127.0.0.1"]), PRIVATE],
    ["leads there by IPv6", resolving(["::ffff:127.0.0.1"]), PRIVATE],
    ["leads there too", resolving(["8.8.8.8", "127.0.0.1"]), PRIVATE],
    ["leads to what is no address", resolving(["localhost"]), PRIVATE],
    ["leads nowhere", resolving([]), "No address."],
  ])("where a name %s", async (_what, lookup, said) => {
    const url = `https://keys.example.com:${server.port}/`;
    await expect(ask(url, { allowPrivate: false, lookup })).rejects.toThrow(said);
    expect(server.connections).toBe(0);
  });
});

describe("Where private addresses are allowed", () => {
  const allowPrivate = true;

  test("keys are fetched from them without encryption, by address and by name", async () => {
    expect(await ask(server.jwksUrl, { allowPrivate })).toBe("keys");
    const named = `http://keys.internal:${server.port}/`;
    expect(await ask(named, { allowPrivate, lookup: resolving(["127.0.0.1"]) })).toBe("keys");
  });

  test("nothing is fetched from public ones without encryption", async () => {
    await expect(ask("http://8.8.8.8/", { allowPrivate })).rejects.toThrow(PRIVATE);
    const lookup = resolving(["8.8.8.8"]);
    await expect(ask("http://keys.example.com/", { allowPrivate, lookup })).rejects.toThrow(
      PRIVATE,
    );
  });

  test("a name is resolved once for each fetch: what is judged is what is connected to", async () => {
    const url = `http://keys.internal:${server.port}/`;
    const reachable = {
      allowPrivate,
      lookup: resolving(["127.0.0.1"], ["8.8.8.8"], ["127.0.0.1"]),
    };
    expect(await ask(url, reachable)).toBe("keys");
    await expect(ask(url, reachable)).rejects.toThrow(PRIVATE);
    expect(await ask(url, reachable)).toBe("keys");
    expect(server.connections).toBe(2);
  });

  test.each(["file:///etc/passwd", "data:application/json,{}", "ftp://127.0.0.1/"])(
    "nothing is fetched by another scheme: %s",
    async (url) => {
      await expect(ask(url, { allowPrivate })).rejects.toThrow("Neither https nor http.");
    },
  );

  test("the certificate of whoever answers is asked for", async () => {
    const url = server.jwksUrl.replace("http:", "https:");
    await expect(ask(url, { allowPrivate })).rejects.toThrow(/SSL|EPROTO/);
  });

  test("a connection is opened for each fetch, and closed", async () => {
    await ask(server.jwksUrl, { allowPrivate });
    await ask(server.jwksUrl, { allowPrivate });
    expect(server.connections).toBe(2);
  });
});

test("Whoever hangs up in the middle of an answer is an error, and no more than that", async () => {
  const rude = createServer((socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", () => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
  const { port } = rude.address() as AddressInfo;
  await expect(ask(`http://127.0.0.1:${port}/`, { allowPrivate: true })).rejects.toThrow("aborted");
  await new Promise((resolve) => rude.close(resolve));
});
