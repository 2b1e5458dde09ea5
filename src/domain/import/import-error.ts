/** Why a file cannot be read on; nothing of it is kept. */
export class ImportError extends Error {
  override name = "ImportError";
  /** Where in the file, such as `line 12`; null for the file as a whole. */
  readonly at: string | null;
  readonly reason: string;

  constructor(at: string | null, reason: string, options?: ErrorOptions) {
    super(at === null ? reason : `${at}: ${reason}`, options);
    this.at = at;
    this.reason = reason;
  }
}
