import type { Cell, ColumnType } from "./model.ts";
import { textOfCell } from "./text-of-cell.ts";

/**
 * Compares two values of one type: below zero where the first is the lesser, zero where they are equal.
 * JSON has no order and no equality here.
 */
export function compareCells(type: ColumnType, one: Cell, other: Cell): number {
  const [a, b] = [textOfCell(one), textOfCell(other)];
  switch (type) {
    case "TEXT":
    case "SELECT":
    case "DATE":
      return compareText(a, b);
    case "INTEGER":
      return compareIntegers(BigInt(a), BigInt(b));
    case "DECIMAL":
      return compareDecimals(a, b);
    case "BOOLEAN":
      return Number(a === "true") - Number(b === "true");
    case "DATETIME":
      return Date.parse(a) - Date.parse(b);
    case "JSON":
      throw new Error("JSON values are not compared.");
  }
}

/** By code point, in Unicode's form NFC. */
function compareText(a: string, b: string): number {
  const ofA = codePoints(a);
  const ofB = codePoints(b);
  for (let index = 0; ; index += 1) {
    const one = ofA[index];
    const other = ofB[index];
    if (one === undefined && other === undefined) return 0;
    if (one === undefined) return -1;
    if (other === undefined) return 1;
    if (one !== other) return one - other;
  }
}

function codePoints(text: string): number[] {
  return Array.from(text.normalize("NFC"), (character) => character.codePointAt(0) ?? 0);
}

function compareIntegers(a: bigint, b: bigint): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** As whole numbers, after both were multiplied by a power of ten that leaves neither a fraction. */
function compareDecimals(a: string, b: string): number {
  const places = Math.max(fractionPlaces(a), fractionPlaces(b));
  return compareIntegers(times10To(a, places), times10To(b, places));
}

interface Parts {
  readonly digits: bigint;
  readonly exponent: number;
}

/** `-12.5e3` is -125 × 10². */
function partsOf(decimal: string): Parts {
  const match = /^(-?\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(decimal);
  if (!match) throw new Error(`Not a decimal: ${decimal}`);
  const [, whole = "", fraction = "", exponent = "0"] = match;
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** How many digits a decimal has after its point. */
export function fractionPlaces(decimal: string): number {
  return Math.max(0, -partsOf(decimal).exponent);
}

/** A decimal times a power of ten that leaves it no fraction. */
export function times10To(decimal: string, places: number): bigint {
  const { digits, exponent } = partsOf(decimal);
  return digits * 10n ** BigInt(exponent + places);
}
