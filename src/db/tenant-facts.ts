/** The tenant of a request, as far as requests need it. */
export interface TenantFacts {
  readonly id: string;
  readonly slug: string;
  /** Moves with every change of rights. */
  readonly rightsVersion: string;
  /**
   * Another one after each change of a definition or a grant, as the snapshot of the request sees it. Null where what
   * was read of them before may not be what they are: in a transaction that writes, and where there is no state yet.
   */
  readonly definitionsState: string | null;
  /** Signs cursors. */
  readonly cursorKey: Buffer;
}
