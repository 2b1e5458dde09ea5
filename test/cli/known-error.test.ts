import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { wordsOf } from "../../src/cli/known-error.ts";
import { checkServer } from "../../src/db/check-server.ts";
import { type Database, openPostgres } from "../../src/db/database.ts";

/** What is sent back for each thing that a client sends. */
type Answers = (socket: Socket, count: number) => void;

/** Something that listens and is no usable PostgreSQL. */
async function listening(answers: Answers) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let count = 0;
    socket.on("error", () => undefined);
    socket.on("data", () => answers(socket, (count += 1)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { host: `127.0.0.1:${port}`, close };
}

/** A message of PostgreSQL's protocol. */
function message(type: string, body: string): Buffer {
  const text = Buffer.from(body);
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

const refusing =
  (code: string, words: string): Answers =>
  (socket) => {
    socket.end(message("E", `SFATAL\0VFATAL\0C${code}\0M${words}\0\0`));
  };

/** Asks for a password, and goes on as if it had come. */
const asking: Answers = (socket, count) => {
  if (count === 1) socket.write(message("R", "\0\0\0\nSCRAM-SHA-256\0\0"));
  if (count === 2) socket.write(message("R", "\0\0\0\u000br=x,s=eA==,i=4096"));
};

async function saidOf(url: string): Promise<string | null> {
  const database = openPostgres(url);
  const error: unknown = await checkServer(database).catch((thrown: unknown) => thrown);
  // Where it is no PostgreSQL the connection may not end by itself.
  void database.close();
  return wordsOf(error);
}

const REFUSES = "PostgreSQL at HOST refuses the connection:";

describe("a database that cannot be used is said so, and what to do", () => {
  test.each<[string, Answers, string, string]>([
    [
      "a database that there is not",
      refusing("3D000", 'database "our data" does not exist'),
      "/our%20data",
      'PostgreSQL at HOST has no database our data. Make it there with CREATE DATABASE "our data"; or name another in DATABASE_URL.',
    ],
    [
      "a wrong password",
      refusing("28P01", 'password authentication failed for user "me"'),
      "/db",
      `${REFUSES} password authentication failed for user "me". Check the role and password in DATABASE_URL.`,
    ],
    [
      "no password",
      asking,
      "/db",
      `${REFUSES} SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string. Check the role and password in DATABASE_URL.`,
    ],
    [
      "one that is about to start",
      refusing("57P03", "the database system is starting up"),
      "/db",
      `${REFUSES} the database system is starting up. Try again, or change DATABASE_URL.`,
    ],
    [
      "one without TLS",
      (socket) => socket.write("N"),
      "/db?sslmode=verify-full",
      "What listens at HOST does not answer as PostgreSQL should (The server does not support SSL connections). Check the host, port and sslmode in DATABASE_URL.",
    ],
    [
      "a web server",
      (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
      "/db",
      "What listens at HOST does not answer as PostgreSQL should (Connection terminated unexpectedly). Check the host, port and sslmode in DATABASE_URL.",
    ],
    [
      "another database",
      (socket) => socket.write(Buffer.from("4a0000000a382e302e3336", "hex")),
      "/db",
      "What listens at HOST does not answer as PostgreSQL should (received invalid response: 4a). Check the host, port and sslmode in DATABASE_URL.",
    ],
  ])("%s", async (_what, answers, path, words) => {
    const { host, close } = await listening(answers);
    expect(await saidOf(`postgres://me@${host}${path}`)).toBe(words.replace("HOST", host));
    close();
  });

  test("and its password is not repeated", async () => {
    const { host, close } = await listening(refusing("28P01", "no"));
    expect(await saidOf(`postgres://me:hunter2@${host}/db`)).not.toContain("hunter2");
    close();
  });

  test.each(["hunter@two/three@", "hunter?two@", "hunter#two@"])(
    "nor a part of %s",
    async (password) => {
      const said = await saidOf(`postgres://me:${password}127.0.0.1:1/db`);
      expect(said).toContain("DATABASE_URL");
      expect(said).not.toMatch(/hunter|two|three/);
    },
  );

  test("nobody there", async () => {
    expect(await saidOf("postgres://me@127.0.0.1:1/db")).toBe(
      "PostgreSQL is not reached at 127.0.0.1:1 (ECONNREFUSED). Check that it runs and that DATABASE_URL names its host and port.",
    );
  });
});

const release = (version: number) =>
  checkServer({
    kind: "PGlite",
    pool: { query: async () => ({ rows: [{ version }] }) },
  } as unknown as Database);

describe("a release of PostgreSQL that tells of hidden rows is refused", () => {
  test.each([
    [140_022, "14.22"],
    [150_013, "15.13"],
    [160_009, "16.9"],
    [170_005, "17.5"],
  ])("%i", async (version, name) => {
    const error: unknown = await release(version).catch((thrown: unknown) => thrown);
    expect(wordsOf(error)).toBe(
      `PostgreSQL ${name} is too old: it can tell of rows that a role may not see. Upgrade to 15.14, 16.10, 17.6, 18 or a later release of one of these lines.`,
    );
  });

  test.each([150_014, 160_010, 170_006, 180_000, 190_001])("and %i is not", async (version) => {
    await expect(release(version)).resolves.toBeNull();
  });
});

test("an error that nobody foresaw has no words, so that its stack is printed", () => {
  expect(wordsOf(new TypeError("x is not a function"))).toBeNull();
});
