/** Who a request acts as. It says who is calling and carries no authority by itself. */
export interface Principal {
  readonly kind: "KEY" | "ACCESS_TOKEN" | "SESSION" | "ANONYMOUS" | "OPERATOR";
  /** The tenant that the request belongs to; null where the request named none that exists. */
  readonly tenantId: string | null;
  /** The id of the key, token or user as the API shows it; null for `ANONYMOUS`. */
  readonly id: string | null;
  readonly name: string;
  /** Of a user: the id of the session that proves it; left out where another thing does. */
  readonly sessionId?: string;
  /** Of a user by an outside identity: what the JWT claims for a while; left out where another thing proves it. */
  readonly claimed?: Claimed;
  /** For whom an access token acts, where it says so. */
  readonly client?: Client;
}

/** What the JWT of an outside identity claims for its user. */
export interface Claimed {
  /** The names of roles; of those that the tenant has, besides the user's own, in effect. */
  readonly roles: readonly string[];
  /** From then on the JWT proves nothing. */
  readonly until: Date;
  /** The trust in the issuer by which the JWT was verified: the UUID of its revision. */
  readonly by: string;
}

/** For whom an access token acts: as whoever made it calls them. */
export interface Client {
  readonly id: string | null;
  readonly name: string | null;
}

/**
 * What stands in `createdBy` and `updatedBy` of what a principal makes and changes: its id, and of a token that acts
 * for a client what that is called, such as `token_0192… acme (ACME Corp)`.
 */
export function signatureOf({ id, name, client }: Principal): string {
  const called = [client?.id, client?.name && `(${client.name})`].filter(Boolean);
  return [id ?? name, ...called].join(" ");
}

/**
 * The id of the credential that proves a principal, as the API shows it: of a user by an outside identity, which has
 * none here, its own. Null: of the public and the command line.
 */
export function credentialOf({ id, sessionId }: Principal): string | null {
  return sessionId ?? id;
}

/** What stands in `createdBy` of what the command line makes. */
export const OPERATOR_SIGNATURE = "operator";

/** The command line, in a tenant or in none. */
export function operatorOf(tenantId: string | null): Principal {
  return { kind: "OPERATOR", tenantId, id: null, name: OPERATOR_SIGNATURE };
}

/** Whoever has proved nothing, in a tenant or in none. */
export function strangerOf(tenantId: string | null): Principal {
  return { kind: "ANONYMOUS", tenantId, id: null, name: "anonymous" };
}
