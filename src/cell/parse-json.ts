import type { JsonValue, ParsedCell } from "./cell-value.ts";
import { accept, CELL_BYTES, excerpt, refuse } from "./cell-value.ts";
import { textFault } from "./text.ts";

/** How deep lists and objects of a JSON cell may be nested. */
const JSON_DEPTH = 64;

/** Copies plain JSON, so that nothing of the caller's object (getters, `toJSON`) is left in it. */
export function parseJson(input: unknown): ParsedCell {
  const copied = copy(input, 0, { left: CELL_BYTES });
  if (!copied.ok || copied.value === null) return copied;
  return Buffer.byteLength(JSON.stringify(copied.value)) > CELL_BYTES ? TOO_LARGE : copied;
}

const TOO_LARGE = refuse("TOO_LARGE", "A JSON cell holds at most 64 KiB of text.");

/** How much more of a cell there may be: its texts and values take a byte for each character at least. */
interface Room {
  left: number;
}

function copy(input: unknown, depth: number, room: Room): ParsedCell {
  room.left -= typeof input === "string" ? input.length : 1;
  if (room.left < 0) return TOO_LARGE;
  if (input === null || typeof input === "boolean") return accept(input);
  if (typeof input === "string") return textFault(input) ?? accept(input);
  if (typeof input === "number" && Number.isFinite(input)) return accept(input + 0);
  if (Array.isArray(input) && input.length > room.left) return TOO_LARGE;
  const entries = entriesOf(input);
  if (entries === null) {
    return refuse("WRONG_TYPE", `Expected a JSON value, got ${excerpt(input)}.`);
  }
  if (depth === JSON_DEPTH) {
    return refuse("TOO_DEEP", `A JSON cell is nested at most ${JSON_DEPTH} deep.`);
  }
  return copyEntries(entries, { isList: Array.isArray(input), depth: depth + 1, room });
}

interface Copying {
  readonly isList: boolean;
  readonly depth: number;
  readonly room: Room;
}

function copyEntries(entries: Entries, { isList, depth, room }: Copying): ParsedCell {
  const copied: [string, JsonValue][] = [];
  for (const [key, value] of entries) {
    room.left -= key.length;
    if (room.left < 0) return TOO_LARGE;
    const part = textFault(key) ?? copy(value, depth, room);
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
