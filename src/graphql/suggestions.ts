import { didYouMean } from "graphql/jsutils/didYouMean.js";
import { suggestionList } from "graphql/jsutils/suggestionList.js";

/** The longest name that is compared. */
const LONGEST = 63;

/** How many are suggested for one name. */
const MOST_ALIKE = 3;

/**
 * How much is compared for all names that come in together, in characters of a name times those of all that
 * it is compared with: some 10 ms. To compare one long name with 1,000 others may take 70.
 */
const BUDGET = 500_000;

/** Answers ` Did you mean "title"?` for `titel`, and nothing for a name that is like none. */
export type Suggest = (name: string) => string;

/**
 * Makes suggestions, as GraphQL does for names of its own, from names that the caller may know.
 *
 * Make it once for all names that come in together: it remembers what it said, and suggests nothing any
 * more when it has compared enough.
 */
export function suggestionsAmong(known: readonly string[]): Suggest {
  const said = new Map<string, string>();
  const length = known.reduce((sum, each) => sum + each.length, 0);
  let left = BUDGET;
  return (name) => {
    const before = said.get(name);
    if (before !== undefined) return before;
    const work = name.length * length;
    if (name.length > LONGEST || work > left) return "";
    left -= work;
    const words = didYouMean(suggestionList(name, known).slice(0, MOST_ALIKE));
    said.set(name, words);
    return words;
  };
}
