import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { IdentityMessage } from "../../../../src/identity/message/identity-message.ts";
import type { Canary } from "./canary.ts";

/** An identity hook that takes no message, and says of each what it was presented. */
export async function aBrokenHook() {
  const secret = randomBytes(32).toString("base64url");
  const server = createServer((request, response) => void refuse(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A test that forgets it ends all the same.
  server.unref();
  const { port } = server.address() as AddressInfo;
  const canary: Canary = { of: "the secret of the identity hook", text: secret, isTold: false };
  return { url: `http://127.0.0.1:${port}/hooks/${secret}`, secret, canary };
}

/** In another way for each kind of message. */
async function refuse(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const presented = `${request.url} ${request.headers.authorization} ${body}`;
  switch ((JSON.parse(body) as IdentityMessage).kind) {
    case "VERIFY_EMAIL":
      request.socket.destroy();
      return;
    case "RESET_PASSWORD":
      response.writeHead(307, { location: `/?${encodeURIComponent(presented)}` }).end();
      return;
    default:
      response
        .writeHead(500, "Down", { "x-presented": encodeURIComponent(presented) })
        .end(presented);
  }
}
