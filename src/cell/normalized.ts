/** The most marks that stand in a row in Stream-Safe Text Format (UAX #15, section 13); no language needs as many. */
export const MOST_MARKS = 30;

/** One more of them than may be, the half-width ones of kana among them, which are marks in NFKC and NFKD. */
const TOO_MANY = /(?<![\p{M}\uFF9E\uFF9F])[\p{M}\uFF9E\uFF9F]{31}/u;

/** A mark, or half of a character that may be one. */
const MARK = /[\p{M}\p{Cs}\uFF9E\uFF9F]/u;

/** Of so many UTF-16 units in a row, whichever they are, too many marks hold two that are next to each other here. */
const STRIDE = 15;

/**
 * Whether no more than 30 combining marks stand in a row. What has marks at no two places in {@link STRIDE} is not read
 * further: the characters of most texts are none.
 */
export function isStreamSafe(text: string): boolean {
  let marks = 0;
  for (let at = STRIDE; at < text.length; at += STRIDE) {
    marks = MARK.test(text.charAt(at)) ? marks + 1 : 0;
    if (marks > 1) return !TOO_MANY.test(text);
  }
  return true;
}

/**
 * The text in a normal form of Unicode, in a time that grows no faster than the text: ICU sorts marks that stand in a row
 * in the square of their number. What is not stream-safe stays as it is, for `textFault` to refuse, or to be like
 * nothing that is stored.
 */
export function normalized(text: string, form: "NFC" | "NFKC" | "NFKD"): string {
  return isStreamSafe(text) ? text.normalize(form) : text;
}
