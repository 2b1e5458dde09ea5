/** Who a request acts as. It says who is calling and carries no authority by itself. */
export interface Principal {
  readonly kind: "KEY" | "ANONYMOUS" | "OPERATOR";
  /** The tenant that the request belongs to; null where the request named none that exists. */
  readonly tenantId: string | null;
  /** The id as the API shows it; null for `ANONYMOUS`. Stands in `createdBy` and `updatedBy`. */
  readonly id: string | null;
  readonly name: string;
}

/** What stands in `createdBy` and `updatedBy` of what a principal makes and changes. */
export function signatureOf({ id, name }: Principal): string {
  return id ?? name;
}

/** The same, of the command line. */
export const OPERATOR_SIGNATURE = "operator";

/** The command line, in a tenant or in none. */
export function operatorOf(tenantId: string | null): Principal {
  return { kind: "OPERATOR", tenantId, id: null, name: OPERATOR_SIGNATURE };
}

/** Whoever has proved nothing, in a tenant or in none. */
export function strangerOf(tenantId: string | null): Principal {
  return { kind: "ANONYMOUS", tenantId, id: null, name: "anonymous" };
}
