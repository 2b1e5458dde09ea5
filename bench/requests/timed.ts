import type { Subject } from "../measure.ts";
import type { Endpoint } from "./endpoints.ts";
import { exchange } from "./exchange.ts";
import { expected } from "./orders.ts";
import { verify } from "./verify.ts";

/** An endpoint as something to time, once it is certain that it answers as all the others do. */
export async function timed(endpoint: Endpoint, first: number): Promise<Subject> {
  const bytes = await verify(endpoint, expected(first));
  return {
    name: endpoint.name,
    run: async () => {
      const { body, ms } = await exchange(endpoint.request(first));
      requireBytes(endpoint, body, bytes);
      return ms;
    },
  };
}

/** @throws {Error} for an answer of another length than the one that was compared. */
export function requireBytes({ title }: Endpoint, body: Buffer, bytes: number): void {
  if (body.byteLength === bytes) return;
  throw new Error(`${title} answered ${body.toString("utf8", 0, 500)}`);
}
