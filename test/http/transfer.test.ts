import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Download, Transfers } from "../../src/http/transfer.ts";
import { openApi } from "./throwaway-api.ts";

const PIECE = Buffer.alloc(1024 * 1024, "x");
const PIECES = 64;

/** A file too large for the buffers of a connection, and whether it was given back. */
function aLargeFile() {
  const state = { sent: 0, closed: 0 };
  const download: Download = {
    fileName: "large.csv",
    contentType: "text/csv",
    bytes: PIECE.byteLength * PIECES,
    async send(take) {
      for (; state.sent < PIECES; state.sent += 1) await take(PIECE);
    },
    close: async () => void (state.closed += 1),
  };
  return { state, download };
}

const nowhere = () => Promise.reject(new Error("No file is wanted."));

const opened: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((api) => api.close())));

/** An API whose one-time URLs all lead to one file. */
async function serving(download: () => Promise<Download>, stalledMs = 60_000) {
  const transfers: Transfers = { stalledMs, describe: download, download, upload: nowhere };
  const api = await openApi({ transfers });
  opened.push(api);
  return api;
}

/** Sends a request and reads nothing of its answer. */
function asking(address: string, path: string) {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return socket;
}

describe("a file", () => {
  test("waits for a client that takes its time, and is whole", async () => {
    const { state, download } = aLargeFile();
    const api = await serving(async () => download);
    const response = await fetch(`${api.address}/transfers/secret`);
    await setTimeout(300);
    expect(state.sent).toBeLessThan(PIECES);
    expect((await response.arrayBuffer()).byteLength).toBe(download.bytes);
    expect(state).toEqual({ sent: PIECES, closed: 1 });
  });

  test("is given back when the client goes away", async () => {
    const { state, download } = aLargeFile();
    const api = await serving(async () => download);
    const socket = asking(api.address, "/transfers/secret");
    await expect.poll(() => state.sent).toBeGreaterThan(0);
    socket.destroy();
    await expect.poll(() => state.closed).toBe(1);
    expect(state.sent).toBeLessThan(PIECES);
  });

  test("is given back when the client takes nothing for long, which is cut", async () => {
    const { state, download } = aLargeFile();
    const api = await serving(async () => download, 200);
    const socket = asking(api.address, "/transfers/secret");
    await expect.poll(() => state.closed, { timeout: 5_000 }).toBe(1);
    expect(state.sent).toBeLessThan(PIECES);
    socket.destroy();
  });

  test("that waits behind another on its connection is given back with it", async () => {
    const { state, download } = aLargeFile();
    const api = await serving(async () => download);
    const socket = asking(api.address, "/transfers/one");
    socket.write("GET /transfers/two HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(() => state.sent).toBeGreaterThan(0);
    socket.destroy();
    await expect.poll(() => state.closed).toBe(2);
  });
});

describe("the log", () => {
  test("has no secret of a one-time URL", async () => {
    const api = await serving(() => Promise.reject(new Error("a fault of ours")));
    const { status, json } = await api.ask("/transfers/fgt_secret?x=fgt_secret");
    expect(status).toBe(500);
    expect(json.errors?.[0]?.extensions).toMatchObject({ code: "INTERNAL" });
    await expect.poll(() => api.log().length).toBe(2);
    expect(api.log()).toMatchObject([{ msg: "request failed" }, { path: "/transfers/" }]);
    expect(JSON.stringify([api.log(), json])).not.toContain("fgt_secret");
  });
});

test("without transfers there is nothing at their place", async () => {
  const api = await openApi();
  opened.push(api);
  expect((await api.ask("/transfers/fgt_secret")).json.errors?.[0]?.extensions["code"]).toBe(
    "NOT_FOUND",
  );
});
