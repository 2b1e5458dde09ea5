/** The tenant of a request, as far as requests need it. */
export interface TenantFacts {
  readonly id: string;
  readonly slug: string;
  /** Moves with every change of rights. */
  readonly rightsVersion: string;
  /** Signs cursors. */
  readonly cursorKey: Buffer;
}
