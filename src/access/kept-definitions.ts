import { LRUCache } from "lru-cache";
import type { Rights } from "../authz/rights.ts";
import type { DatasetDefinition } from "../db/dataset-definition.ts";
import type { TenantFacts } from "../db/tenant-facts.ts";

/** What a name led to; null: to nothing. */
interface Kept {
  readonly definition: DatasetDefinition | null;
}

/** How many columns, links and grants are kept in all; each takes about a kilobyte. */
const MOST_PARTS = 50_000;

/** Anybody may ask for a name as long as a document; no dataset has it. */
const LONGEST = 100;

const kept = new LRUCache<string, Kept>({
  maxSize: MOST_PARTS,
  sizeCalculation: ({ definition }) =>
    definition
      ? 1 + definition.columns.length + definition.links.length + definition.grants.length
      : 1,
});

/** The roles in effect that are stored. */
export function roleIdsOf({ roles }: Rights): string[] {
  return roles.flatMap(({ id }) => (id === "" ? [] : [id]));
}

/**
 * What this caller asked for before in the very state in which the definitions of its tenant are: it needs not be
 * read again. Null where that is not known. What another caller asked for is not here, so that nobody learns of it by
 * how long an answer takes. See docs/decisions/019-kept-definitions.md.
 */
export function keptDefinitions({ id, definitionsState }: TenantFacts, rights: Rights) {
  if (definitionsState === null) return null;
  const { kind, id: principalId } = rights.principal;
  const whose = JSON.stringify([id, definitionsState, kind, principalId, roleIdsOf(rights)]);
  return {
    /** Undefined where it was not asked for. */
    get: (name: string): Kept | undefined => kept.get(`${whose} ${name}`),
    set: (name: string, definition: DatasetDefinition | null): void => {
      if (name.length <= LONGEST) kept.set(`${whose} ${name}`, { definition });
    },
  };
}
