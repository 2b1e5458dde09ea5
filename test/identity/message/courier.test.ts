import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Courier, type Send } from "../../../src/identity/message/courier.ts";
import { sendToHook, spokenMessage } from "../../../src/identity/message/identity-hook.ts";
import type { IdentityMessage } from "../../../src/identity/message/identity-message.ts";

const MESSAGE: IdentityMessage = {
  kind: "RESET_PASSWORD",
  tenant: "acme",
  userId: "user_1",
  email: "ada@example.com",
  token: "fgo_x",
  expiresAt: new Date("2026-01-01T00:00:00.000Z"),
};

/** A hook that answers with these statuses, one after the other, and the last for ever. */
async function aHook(...statuses: readonly number[]) {
  const heard: { headers: IncomingHttpHeaders; body: unknown }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      heard.push({ headers: request.headers, body });
      response.writeHead(statuses[heard.length - 1] ?? statuses.at(-1) ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { heard, url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const closing: { close: () => void }[] = [];
afterEach(() => closing.splice(0).forEach((each) => each.close()));

describe("A message to a user", () => {
  it("is posted to the hook as JSON, with the secret that it knows", async () => {
    const hook = await aHook(204);
    closing.push(hook);
    await sendToHook({ url: hook.url, secret: "a secret of ours" })(MESSAGE);

    expect(hook.heard).toMatchObject([
      {
        headers: { "content-type": "application/json", authorization: "Bearer a secret of ours" },
        body: { ...MESSAGE, expiresAt: "2026-01-01T00:00:00.000Z" },
      },
    ]);
  });

  it("is tried again while the hook fails, and is not told to the log", async () => {
    const hook = await aHook(500, 503, 200);
    closing.push(hook);
    const warn = vi.fn<(line: object, message: string) => void>();
    const courier = new Courier(sendToHook({ url: hook.url, secret: null }), { warn });
    courier.deliver(MESSAGE);
    await courier.close();

    expect(hook.heard).toHaveLength(3);
    expect(hook.heard[0]?.headers.authorization).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
  });

  it("is given up in the end, of which the log has the kind and the user, and no token", async () => {
    vi.useFakeTimers();
    try {
      const warn = vi.fn<(line: object, message: string) => void>();
      const send = vi.fn<Send>(() => Promise.reject(new Error("Down.")));
      const courier = new Courier(send, { warn });
      courier.deliver(MESSAGE);
      await vi.runAllTimersAsync();
      await courier.close();

      expect(send).toHaveBeenCalledTimes(4);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(JSON.stringify(warn.mock.calls)).toContain("user_1");
      expect(JSON.stringify(warn.mock.calls)).not.toContain("fgo_x");
    } finally {
      vi.useRealTimers();
    }
  });

  it("is not carried to where the hook redirects", async () => {
    const hook = await aHook(307);
    closing.push(hook);
    await expect(sendToHook({ url: hook.url, secret: null })(MESSAGE)).rejects.toThrow(
      /307|fetch failed/,
    );
  });

  it("is one line for whoever develops, with its token where there is one", () => {
    const kinds = ["VERIFY_EMAIL", "RESET_PASSWORD", "ALREADY_REGISTERED"] as const;
    const lines = kinds.map((kind) => spokenMessage({ ...MESSAGE, kind }));
    expect(lines.every((line) => line.includes("ada@example.com"))).toBe(true);
    expect(lines.map((line) => line.includes("fgo_x"))).toEqual([true, true, false]);
  });
});
