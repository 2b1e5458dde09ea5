import { createServer } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { HostUnknownError, PortBusyError, serve } from "../../src/http/server.ts";

const PLACE = { host: "127.0.0.1", port: 0 };

test("a server says where it listens", async () => {
  const server = await serve((_, response) => void response.end("hello"), PLACE);
  expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await (await fetch(server.address)).text()).toBe("hello");
  await server.close();
});

test("a busy port is refused with what to do", async () => {
  const other = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const attempt = serve(() => undefined, { host: "127.0.0.1", port });
  await expect(attempt).rejects.toThrow(PortBusyError);
  await expect(attempt).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use. Stop what listens`);
  other.close();
});

test("a host of another machine is refused with what to do", async () => {
  const attempt = serve(() => undefined, { host: "192.0.2.1", port: 0 });
  await expect(attempt).rejects.toThrow(HostUnknownError);
  await expect(attempt).rejects.toThrow("Set HOST to 127.0.0.1");
});

test("closing lets a request in flight finish, and no new one begin", async () => {
  const server = await serve((_, response) => {
    setTimeout(() => response.end("finished"), 300);
  }, PLACE);
  const inFlight = fetch(server.address);
  await wait(100);
  const closed = server.close();
  await expect(fetch(server.address)).rejects.toThrow("fetch failed");
  expect(await (await inFlight).text()).toBe("finished");
  await closed;
});

test("closing does not wait for idle connections, before or after their last request", async () => {
  const server = await serve((_, response) => {
    setTimeout(() => response.end("finished"), 100);
  }, PLACE);
  const port = Number(new URL(server.address).port);
  const idle = connect(port, "127.0.0.1");
  await once(idle, "connect");
  await (await fetch(server.address)).text();
  const inFlight = fetch(server.address);
  await wait(20);
  const start = performance.now();
  await server.close();
  expect(performance.now() - start).toBeLessThan(1500);
  expect(await (await inFlight).text()).toBe("finished");
  idle.destroy();
});

test("closing cuts what does not finish in time", async () => {
  const server = await serve(() => undefined, { ...PLACE, graceMs: 100 });
  const stuck = fetch(server.address);
  await wait(50);
  const closed = Promise.all([server.close(), server.close()]);
  await expect(stuck).rejects.toThrow("fetch failed");
  await closed;
});

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
