import { isStreamSafe, normalized } from "./normalized.ts";

const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** `true` for a name of a dataset, column, link, role, space or tenant. */
export const isName = (text: string): boolean => NAME.test(text);

/**
 * The name that a header becomes: `US Gross` → `us_gross`, `Année` → `annee`, `2020` → `c_2020`.
 * `null` where nothing is left to make a name of, and for what is no text of ours. Two headers may become one name.
 */
export function nameFromHeader(header: string): string | null {
  if (!isStreamSafe(header)) return null;
  const words = normalized(header, "NFKD")
    .replace(/\p{Mark}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (words === "") return null;
  const name = /^\d/.test(words) ? `c_${words}` : words;
  return name.slice(0, 63).replace(/_+$/, "");
}
