import type { Token } from "stream-json/parser.js";

import type { JsonValue } from "../cell/cell-value.ts";

interface Frame {
  /** Null for a list. */
  readonly keys: string[] | null;
  readonly values: JsonValue[];
}

/** Puts JSON values together from packed tokens, one after another. */
export class JsonBuilder {
  readonly #frames: Frame[] = [];
  /** The first thing that the values do not hold: a key that was there twice, digits of a number. */
  loss: string | null = null;

  get isOpen(): boolean {
    return this.#frames.length > 0;
  }

  /** The value that the token completes, or undefined. */
  take(token: Token): JsonValue | undefined {
    if (token.name === "startObject") this.#frames.push({ keys: [], values: [] });
    if (token.name === "startArray") this.#frames.push({ keys: null, values: [] });
    if (token.name === "endObject" || token.name === "endArray") return this.#place(this.#close());
    if (!("value" in token)) return undefined;
    if (token.name === "numberValue") return this.#place(this.#number(token.value));
    if (token.name !== "keyValue") return this.#place(token.value);
    this.#frames.at(-1)?.keys?.push(token.value);
    return undefined;
  }

  #place(value: JsonValue): JsonValue | undefined {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return value;
    frame.values.push(value);
    return undefined;
  }

  #close(): JsonValue {
    const { keys, values } = this.#frames.pop() ?? { keys: null, values: [] };
    if (keys === null) return values;
    const object = Object.fromEntries(keys.map((key, i) => [key, values[i] ?? null]));
    if (Object.keys(object).length < keys.length) this.loss ??= "an object has a key twice";
    return object;
  }

  #number(text: string): JsonValue {
    const number = exactNumber(text);
    if (number === null) this.loss ??= "a number in a list or object has too many digits to keep";
    return number;
  }
}

/** A double has at most 17 significant digits; far longer numbers are not worth comparing. */
const NUMBER_LENGTH = 400;

/** The double that a JSON number is; null where it says more than a double can hold. */
export function exactNumber(text: string): number | null {
  if (text.length > NUMBER_LENGTH) return null;
  const number = Number(text);
  return Number.isFinite(number) && significant(text) === significant(String(number))
    ? number
    : null;
}

/** Digits without zeros at either end, and the power of ten of the last one. */
function significant(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const trimmed = digits.replace(/0+$/, "");
  const power = Number(exponent) - fraction.length + digits.length - trimmed.length;
  return trimmed === "" ? "0" : `${trimmed}e${power}`;
}
