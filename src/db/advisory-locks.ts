/**
 * The numbers of PostgreSQL's advisory locks, which know no names: one for each thing that is done by one at a time.
 * Of those that are taken for a dataset each is the first half, and a hash of the dataset's id the second.
 */
export const ADVISORY_LOCKS = {
  /** Migrating the database. */
  migrate: 7_241_953,
  /** Making the demo. */
  demo: 7_241_954,
  /** Sealing events. */
  seal: 7_241_955,
  /** Keeping the definition of a dataset as it is while an index is built; the migration of indexes names it, too. */
  definition: 7_241_956,
  /** Building indexes. */
  buildIndexes: 7_241_957,
  /** Looking rows of a dataset up by key to write them. */
  keys: 7_241_958,
} as const;
