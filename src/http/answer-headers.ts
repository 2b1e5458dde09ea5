import type { Plugin } from "graphql-yoga";

/** Headers that answers get while their requests are worked on. */
export class AnswerHeaders {
  readonly #byRequest = new WeakMap<Request, Headers>();

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
    },
  };
}
