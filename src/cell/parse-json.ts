import type { JsonValue, ParsedCell } from "./cell-value.ts";
import { accept, CELL_BYTES, excerpt, refuse } from "./cell-value.ts";
import { textFault } from "./text.ts";

/** How deep lists and objects of a JSON cell may be nested. */
const JSON_DEPTH = 64;

/** Copies plain JSON, so that nothing of the caller's object (getters, `toJSON`) is left in it. */
export function parseJson(input: unknown): ParsedCell {
  const copied = copy(input, 0);
  if (!copied.ok || copied.value === null) return copied;
  return Buffer.byteLength(JSON.stringify(copied.value)) > CELL_BYTES
    ? refuse("TOO_LARGE", "A JSON cell holds at most 64 KiB of text.")
    : copied;
}

function copy(input: unknown, depth: number): ParsedCell {
  if (input === null || typeof input === "boolean") return accept(input);
  if (typeof input === "string") return textFault(input) ?? accept(input);
  if (typeof input === "number" && Number.isFinite(input)) return accept(input + 0);
  const entries = entriesOf(input);
  if (entries === null) {
    return refuse("WRONG_TYPE", `Expected a JSON value, got ${excerpt(input)}.`);
  }
  if (depth === JSON_DEPTH) {
    return refuse("TOO_DEEP", `A JSON cell is nested at most ${JSON_DEPTH} deep.`);
  }
  return copyEntries(entries, Array.isArray(input), depth + 1);
}

function copyEntries(entries: Entries, isList: boolean, depth: number): ParsedCell {
  const copied: [string, JsonValue][] = [];
  for (const [key, value] of entries) {
    const part = textFault(key) ?? copy(value, depth);
    if (!part.ok) return part;
    copied.push([key, part.value]);
  }
  return accept(isList ? copied.map(([, value]) => value) : Object.fromEntries(copied));
}

type Entries = Iterable<[string, unknown]>;

/** `null` for what JSON cannot hold: dates, maps and other instances, functions, undefined. */
function entriesOf(input: unknown): Entries | null {
  if (typeof input !== "object" || input === null) return null;
  if (Array.isArray(input)) return Array.from(input, (value: unknown) => ["", value]);
  const prototype: unknown = Object.getPrototypeOf(input);
  return prototype === Object.prototype || prototype === null ? Object.entries(input) : null;
}
