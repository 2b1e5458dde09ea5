import { didYouMean } from "graphql/jsutils/didYouMean.js";
import { suggestionList } from "graphql/jsutils/suggestionList.js";

/** The longest name that is compared. */
const LONGEST = 63;

/** How many are suggested for one name. */
const MOST_ALIKE = 3;

/** For how many names something is suggested: to compare one with 1,000 others may take 70 ms. */
const MOST_SUGGESTED = 10;

/** Answers ` Did you mean "title"?` for `titel`, and nothing for a name that is like none. */
export type Suggest = (name: string) => string;

/**
 * Makes suggestions, as GraphQL does for names of its own, from names that the caller may know.
 *
 * Make it once for all names that come in together: it remembers what it said, and suggests nothing for
 * more than a few of them.
 */
export function suggestionsAmong(known: readonly string[]): Suggest {
  const said = new Map<string, string>();
  return (name) => {
    const before = said.get(name);
    if (before !== undefined) return before;
    if (name.length > LONGEST || said.size >= MOST_SUGGESTED) return "";
    const words = didYouMean(suggestionList(name, known).slice(0, MOST_ALIKE));
    said.set(name, words);
    return words;
  };
}
