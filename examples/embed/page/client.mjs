import { Prover } from "./proof.mjs";

/** Something went wrong. The message is for whoever looks at the page. */
export class AskError extends Error {}

/** Asks Fieldgate from the page, with a token that the page's own server makes for it. */
export class Client {
  #search;
  #prover = new Prover();
  #given = null;

  /** @param search What follows the question mark in the page's address. */
  constructor(search) {
    this.#search = search;
  }

  /** What the customer is called. */
  get customer() {
    return this.#given?.customer ?? "";
  }

  /**
   * Asks, with a new token where the one before has ended.
   *
   * @param again What to ask with the new token: the cursors of an answer are for the token that it was given to.
   * @returns The data, and whether it took a new token.
   * @throws {AskError}
   */
  async ask(query, variables, again = variables) {
    const isFirst = this.#given === null;
    if (isFirst) this.#given = await this.#newToken();
    let answer = await this.#post(query, variables);
    const isRenewed = isRefused(answer) && !isFirst;
    if (isRenewed) {
      this.#given = await this.#newToken();
      answer = await this.#post(query, again);
    }
    if (!isRefused(answer)) return { data: dataOf(answer), isRenewed };
    this.#given = null;
    throw new AskError("Fieldgate refuses this page, even with a new token.");
  }

  async #newToken() {
    const response = await fetch(`/token${this.#search}`, { method: "POST" }).catch(() => null);
    if (response?.ok) return await response.json();
    throw new AskError(
      response?.status === 404
        ? "This site does not know who you are."
        : "This site can give you no access at the moment. Try again in a while.",
    );
  }

  /** @returns The answer as it came. A proof that lacks what Fieldgate wants in it is made anew, once. */
  async #post(query, variables) {
    const response = await this.#send(query, variables);
    const nonce = response.headers.get("dpop-nonce");
    const isAsked = nonce !== null && nonce !== this.#prover.nonce;
    if (nonce !== null) this.#prover.nonce = nonce;
    return await (
      response.status === 401 && isAsked ? await this.#send(query, variables) : response
    ).json();
  }

  async #send(query, variables) {
    const { endpoint, token, binding } = this.#given;
    const presented =
      binding === "DPOP"
        ? {
            authorization: `DPoP ${token}`,
            dpop: await this.#prover.proofOf(endpoint, token),
          }
        : { authorization: `Bearer ${token}` };
    try {
      return await fetch(endpoint, {
        method: "POST",
        // The cookie that shows which browser this is.
        credentials: binding === "DPOP" ? "omit" : "include",
        headers: { "content-type": "application/json", ...presented },
        body: JSON.stringify({ query, variables }),
      });
    } catch {
      throw new AskError(
        `Fieldgate does not answer this page. Either it is not running at ${endpoint}, or ${location.origin} is not in its FIELDGATE_CORS_ORIGINS.`,
      );
    }
  }
}

function isRefused({ errors }) {
  return errors?.[0].extensions?.code === "UNAUTHENTICATED";
}

function dataOf({ data, errors }) {
  if (errors) throw new AskError(errors[0].message);
  return data;
}
