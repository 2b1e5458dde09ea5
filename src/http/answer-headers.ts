import type { Plugin } from "graphql-yoga";

/** Headers that answers get while their requests are worked on. */
export class AnswerHeaders {
  readonly #byRequest = new WeakMap<Request, Headers>();
  readonly #challenge: string;

  /** @param challenge How a request can be authenticated (RFC 9110, section 11.6.1), for answers that say no other way. */
  constructor(challenge: string) {
    this.#challenge = challenge;
  }

  /** Those of one request, to be added to. */
  of(request: Request): Headers {
    const headers = this.#byRequest.get(request) ?? new Headers();
    this.#byRequest.set(request, headers);
    return headers;
  }

  /** Hands them out with the answer, whatever that says. */
  readonly plugin: Plugin = {
    onResponse: ({ request, response }) => {
      for (const [name, value] of this.#byRequest.get(request) ?? []) {
        response.headers.append(name, value);
      }
      if (response.status === 401 && !response.headers.has("WWW-Authenticate")) {
        response.headers.set("WWW-Authenticate", this.#challenge);
      }
    },
  };
}
