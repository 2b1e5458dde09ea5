/** True, false, or unknown, which is null. */
export type Truth = boolean | null;

/** True if all are; false if one is; unknown otherwise. Of none: true. */
export function all(truths: readonly Truth[]): Truth {
  let result: Truth = true;
  for (const truth of truths) {
    if (truth === false) return false;
    if (truth === null) result = null;
  }
  return result;
}

/** True if one is; false if all are; unknown otherwise. Of none: false. */
export function some(truths: readonly Truth[]): Truth {
  let result: Truth = false;
  for (const truth of truths) {
    if (truth === true) return true;
    if (truth === null) result = null;
  }
  return result;
}

/** The opposite; unknown stays unknown. */
export function opposite(truth: Truth): Truth {
  if (truth === null) return null;
  return !truth;
}
