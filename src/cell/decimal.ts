/** The most digits that a DECIMAL has before its point, and after it. */
export const DECIMAL_DIGITS = 100;

/** Far above what could still fit; keeps `1e999999999` from being written out. */
const MAX_EXPONENT = 1000;

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

export type DecimalFault = "SYNTAX" | "RANGE";

/** Reads JSON's number syntax into digits without an exponent; `1.50e1` is `15.0`, `-0` is `0`. */
export function parseDecimal(
  text: string,
): { ok: true; text: string } | { ok: false; fault: DecimalFault } {
  const match = NUMBER.exec(text);
  if (match === null) return { ok: false, fault: "SYNTAX" };
  const [, minus = "", whole = "", fraction = "", exponent = "0"] = match;
  const shift = Number(exponent);
  if (Math.abs(shift) > MAX_EXPONENT) return { ok: false, fault: "RANGE" };
  const [before, after] = movePoint(whole, fraction, shift);
  if (before.length > DECIMAL_DIGITS || after.length > DECIMAL_DIGITS) {
    return { ok: false, fault: "RANGE" };
  }
  const digits = after === "" ? before : `${before}.${after}`;
  return { ok: true, text: /[1-9]/.test(digits) ? minus + digits : digits };
}

function movePoint(whole: string, fraction: string, shift: number): [string, string] {
  const point = whole.length + shift;
  const leading = "0".repeat(Math.max(0, -point));
  const digits = leading + whole + fraction + "0".repeat(Math.max(0, shift - fraction.length));
  const cut = Math.max(0, point);
  return [digits.slice(0, cut).replace(/^0+(?=\d)/, "") || "0", digits.slice(cut)];
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b` (canonical texts). */
export function compareDecimals(a: string, b: string): number {
  const negative = a.startsWith("-");
  if (negative !== b.startsWith("-")) return negative ? -1 : 1;
  return negative ? compareMagnitudes(b.slice(1), a.slice(1)) : compareMagnitudes(a, b);
}

function compareMagnitudes(a: string, b: string): number {
  const [wholeA = "", fractionA = ""] = a.split(".");
  const [wholeB = "", fractionB = ""] = b.split(".");
  if (wholeA.length !== wholeB.length) return wholeA.length - wholeB.length;
  const scale = Math.max(fractionA.length, fractionB.length);
  return compareText(wholeA + fractionA.padEnd(scale, "0"), wholeB + fractionB.padEnd(scale, "0"));
}

/** The one text of all canonical texts of the same number: without zeros at the end of its fraction. */
export function shortestDecimal(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** By UTF-16 unit; for canonical numbers, dates and date-times, whose texts are ASCII. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
