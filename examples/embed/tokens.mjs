import { ask } from "./fieldgate.mjs";

/** Who may look: two cinemas, both made up, and the distributor whose films each of them books. */
export const CUSTOMERS = new Map([
  ["acme", { name: "ACME Cinemas", distributor: "Paramount Pictures" }],
  ["globex", { name: "Globex Picture Palace", distributor: "Warner Bros." }],
]);

/** Makes access tokens for pages, with the key of this site. */
export class Tokens {
  #site;
  #ids;

  /** @param site Where Fieldgate is, and the key. */
  constructor(site) {
    this.#site = site;
  }

  /** @returns The text of a new token that reads the films of this customer and nothing else. */
  async mint(customerId, binding) {
    const { name, distributor } = CUSTOMERS.get(customerId);
    const { dataset, page, budgets } = await (this.#ids ??= this.#findIds());
    const { createAccessToken } = await ask(
      this.#site,
      `mutation ($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret } }`,
      {
        input: {
          binding,
          roleIds: [page.id, budgets.id],
          conditions: [
            { datasetId: dataset.id, column: "distributor", op: "eq", value: distributor },
          ],
          clientId: customerId,
          clientName: name,
        },
      },
    );
    return createAccessToken.secret;
  }

  async #findIds() {
    try {
      return await ask(
        this.#site,
        `{ dataset(name: "movies") { id }
           page: role(name: "embed_page") { id } budgets: role(name: "embed_budgets") { id } }`,
      );
    } catch (error) {
      this.#ids = undefined;
      throw error;
    }
  }
}
