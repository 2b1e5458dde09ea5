/** What has the form of one of this API's secrets, or of a JWT, mistyped and cut off ones included. */
const FORM = /\b(fg[a-z]_|eyJ)[\w.-]{16,}/g;

/** The name of something that holds a secret, or one like it. */
const NAME = String.raw`\w*(?:[pP]assword|[sS]ecret|[tT]oken)\w*`;

const TEXT = String.raw`"(?:[^"\\]|\\.)*"`;

/** What GraphQL repeats of an input: texts, and lists of them, beside a name that says what they are. */
const NAMED = new RegExp(String.raw`\b(${NAME}): (?:${TEXT}|\[(?:[^\]"]|${TEXT})*\])`, "g");

/** What GraphQL says of a value at such a name: the value, twice. */
const MISPLACED = new RegExp(
  String.raw`^(Variable "\$\w+" got invalid value )[^]*( at "[\w.[\]]*\b${NAME}(?:\[\d+\])?"; )[^]*$`,
);

/** What it says of a value where a text belongs, which may be a secret. */
const NO_TEXT = /(String cannot represent a non string value: )[^]*$/;

/** Nobody is shown more than this of either end of a text. */
const END = 4_000;

/**
 * A text that repeats what a caller sent, without the secrets in it: those that are told by their form, and those that
 * stand beside a name such as `password`. Whoever puts a secret in the wrong place has it in no log for that, neither
 * ours nor that of the program that shows what it is answered.
 */
export function withoutSecrets(text: string): string {
  const short = text.length <= 2 * END ? text : `${text.slice(0, END)}…${text.slice(-END)}`;
  return short
    .replace(MISPLACED, "$1…$2It is of the wrong type.")
    .replace(NO_TEXT, "$1…")
    .replaceAll(NAMED, '$1: "…"')
    .replaceAll(FORM, "$1…");
}
