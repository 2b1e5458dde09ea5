import { randomUUID } from "node:crypto";
import { withoutSecrets } from "./without-secrets.ts";

const SANE = /^[\w.-]{1,64}$/;

/**
 * The id that an answer, its errors and its log lines carry: what the caller or a proxy sent as
 * `X-Request-Id` if it is harmless in a log and a header, else a new one.
 */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === "string" && isHarmless(header) ? header : randomUUID();
}

function isHarmless(header: string): boolean {
  return SANE.test(header) && withoutSecrets(header) === header;
}
