import { exchange, type HttpRequest } from "./exchange.ts";

/** A document as it is sent with a key to an address of Fieldgate. */
export function graphqlRequest(
  address: string,
  key: string,
  document: { readonly query: string; readonly variables: object },
): HttpRequest {
  return {
    url: `${address}/graphql`,
    headers: { "content-type": "application/json", "x-api-key": key },
    body: JSON.stringify(document),
  };
}

/** Sends a document that has to succeed. @returns Its data. */
export type Ask = <Data>(query: string, variables: object) => Promise<Data>;

/** Asks with one key. */
export function asking(address: string, key: string): Ask {
  return async <Data>(query: string, variables: object) => {
    const { body } = await exchange(graphqlRequest(address, key, { query, variables }));
    const { data, errors } = JSON.parse(body.toString()) as { data?: Data; errors?: unknown };
    if (!data || errors) throw new Error(`A document failed: ${JSON.stringify(errors)}`);
    return data;
  };
}
