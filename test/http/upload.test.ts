import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { GraphQLError } from "graphql";
import { afterEach, describe, expect, test } from "vitest";
import type { Transfers, Upload } from "../../src/http/transfer.ts";
import { openApi } from "./throwaway-api.ts";

const PIECE = Buffer.alloc(64 * 1024, "x");

const nowhere = () => Promise.reject(new Error("No file is wanted."));

const opened: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((api) => api.close())));

/** An API whose one-time URLs all take a file. */
async function taking(upload: (file: Upload) => Promise<object>, stalledMs = 60_000) {
  const transfers: Transfers = {
    stalledMs,
    describe: nowhere,
    download: nowhere,
    upload: (_text, file) => upload(file),
  };
  const api = await openApi({ transfers });
  opened.push(api);
  return `${api.address}/transfers/secret`;
}

/** How much of a file comes. */
async function counted({ chunks }: Upload): Promise<{ bytes: number }> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return { bytes };
}

/** Begins to send a file, and goes on as it is told. */
function sending(url: string, method = "PUT") {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(
    `${method} ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n`,
  );
  return socket;
}

function bodyOf(pieces: number): ReadableStream<Uint8Array> {
  let left = pieces;
  return new ReadableStream({
    pull(controller) {
      if (left === 0) controller.close();
      else controller.enqueue(PIECE);
      left -= 1;
    },
  });
}

const put = (url: string, body: string | ReadableStream, headers = {}) =>
  fetch(url, { method: "PUT", body, headers, duplex: "half" } as RequestInit);

describe("a file that is sent", () => {
  test("comes as it is, with or without saying how large it is", async () => {
    const sizes: (number | null)[] = [];
    const url = await taking(async (file) => {
      sizes.push(file.bytes);
      return await counted(file);
    });

    expect(await (await put(url, "twelve bytes")).json()).toEqual({ bytes: 12 });
    expect(await (await put(url, bodyOf(100))).json()).toEqual({ bytes: 100 * PIECE.length });
    expect(sizes).toEqual([12, null]);
  });

  test("waits for whoever reads it", async () => {
    let read = 0;
    let isSlow = true;
    const url = await taking(async ({ chunks }) => {
      for await (const chunk of chunks) {
        read += chunk.length;
        if (isSlow) await setTimeout(20);
      }
      return {};
    }, 200);
    const answer = put(url, bodyOf(1_000));
    await setTimeout(400);

    expect(read).toBeLessThan(500 * PIECE.length);
    isSlow = false;
    expect((await answer).status).toBe(200);
    expect(read).toBe(1_000 * PIECE.length);
  }, 60_000);

  test("is refused while it still comes, and whoever sends it reads why", async () => {
    const url = await taking(async ({ chunks }) => {
      for await (const _chunk of chunks) {
        throw new GraphQLError("Enough.", { extensions: { code: "LIMIT_EXCEEDED" } });
      }
      return {};
    });
    const response = await put(url, bodyOf(200));

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ errors: [{ message: "Enough." }] });
  });

  test.each([
    ["as part of a form", { "content-type": "multipart/form-data; boundary=x" }, /--upload-file/],
    ["compressed", { "content-encoding": "gzip" }, /without Content-Encoding/],
  ])("is refused %s", async (_how, headers, message) => {
    const url = await taking(counted);
    const response = await put(url, "x", headers);

    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringMatching(message) as string }],
    });
  });

  test("is cut off when nothing comes of it for long", async () => {
    const ends: unknown[] = [];
    const url = await taking(async (file) => {
      await counted(file).catch((error: unknown) => ends.push(error));
      return {};
    }, 200);
    const socket = sending(url);
    socket.write("some");

    await expect.poll(() => ends.length, { timeout: 5_000 }).toBe(1);
    await expect.poll(() => socket.closed, { timeout: 5_000 }).toBe(true);
  });

  test("may take longer than another request, which is cut off", async () => {
    let begun = 0;
    const upload = async (file: Upload) => {
      begun += 1;
      return await counted(file);
    };
    const transfers = {
      describe: nowhere,
      download: nowhere,
      upload: (_: string, file: Upload) => upload(file),
    };
    const api = await openApi({ transfers, receiveMs: 300 });
    opened.push(api);
    const [file, query] = ["/transfers/secret", "/graphql"].map((path) =>
      sending(`${api.address}${path}`, path === "/graphql" ? "POST" : "PUT"),
    );
    file?.write("some");
    query?.write("{");

    await expect.poll(() => query?.closed, { timeout: 5_000 }).toBe(true);
    await setTimeout(300);
    expect({ begun, isOpen: file?.closed === false }).toEqual({ begun: 1, isOpen: true });
    file?.destroy();
  });

  test("is no more when whoever sends it goes away", async () => {
    const ends: unknown[] = [];
    let begun = 0;
    const url = await taking(async ({ chunks }) => {
      try {
        for await (const _chunk of chunks) begun += 1;
      } catch (error) {
        ends.push(error);
      }
      return {};
    });
    const socket = sending(url);
    socket.write("some");
    await expect.poll(() => begun).toBe(1);
    socket.destroy();

    await expect.poll(() => ends.length, { timeout: 5_000 }).toBe(1);
  });
});
