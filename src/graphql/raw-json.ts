import { randomUUID } from "node:crypto";
import type { ExecutionResult } from "graphql";
import type { Path } from "graphql/jsutils/Path.js";
import { type NewMemory, spareMemory } from "../memory/spare-memory.ts";
import { MOST_ANSWER_BYTES, TooLargeError } from "../db/too-large-error.ts";

/** A list of an answer whose items are JSON already, and its place there. */
interface RawList {
  readonly path: Path;
  /** JSON in UTF-8, with commas between them, in pieces of {@link spareMemory} that follow each other. */
  readonly items: readonly Buffer[];
}

/**
 * Lists that stand in an answer as they were read: as JSON. The executor sees an empty list in the place of each;
 * they are put there when the answer is made JSON, so that none of their items ever becomes an object.
 */
export class RawJson {
  /** Null once the answer was made. */
  #lists: RawList[] | null = [];
  #bytes = 0;

  /**
   * @returns What the executor is to see there.
   * @throws {TooLargeError} where the lists are longer together than an answer may be.
   */
  put(path: Path, items: readonly Buffer[]): readonly [] {
    this.#bytes += bytesOf(items);
    if (this.#bytes > MOST_ANSWER_BYTES) throw new TooLargeError();
    this.#listed().push({ path, items });
    return [];
  }

  /**
   * The JSON of a result, with the lists in their places. One whose place was lost to an error is left out. What the
   * lists stood in is given back, so that this can be asked once.
   *
   * @param newMemory Finds memory of so many bytes or more.
   */
  stringify(result: ExecutionResult, newMemory: NewMemory): Buffer {
    const lists = this.#listed();
    this.#lists = null;
    const parts = partsOf(result, lists);
    const whole = newMemory(bytesOf(parts));
    const end = parts.reduce((place, part) => place + part.copy(whole, place), 0);
    for (const piece of new Set(lists.flatMap(({ items }) => items))) spareMemory.give(piece);
    return whole.subarray(0, end);
  }

  #listed(): RawList[] {
    if (!this.#lists) throw new Error("The answer was made already.");
    return this.#lists;
  }
}

/** The bytes of a result, with the items of the lists in their places. */
function partsOf(result: ExecutionResult, lists: readonly RawList[]): Buffer[] {
  // Nothing that an answer holds can be mistaken for it: nobody knows it before.
  const mark = randomUUID();
  for (const [index, { path }] of lists.entries()) {
    const parent = foundAt(result.data, path.prev);
    if (parent) parent[path.key] = `${mark}${index}`;
  }
  const [head = "", ...others] = JSON.stringify(result).split(`"${mark}`);
  const parts = others.flatMap((part) => {
    const end = part.indexOf('"');
    const items = lists[Number(part.slice(0, end))]?.items ?? [];
    return [OPEN, ...items, Buffer.from(`]${part.slice(end + 1)}`)];
  });
  return [Buffer.from(head), ...parts];
}

function bytesOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

const OPEN = Buffer.from("[");

type Parent = Record<string | number, unknown>;

/** What of a result stands at a path; null where an error took it away. */
function foundAt(data: unknown, path: Path | undefined): Parent | null {
  const found = path ? foundAt(data, path.prev)?.[path.key] : data;
  return (found as Parent | null | undefined) ?? null;
}
