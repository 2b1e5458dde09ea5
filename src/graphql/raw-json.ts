import { randomUUID } from "node:crypto";
import type { ExecutionResult } from "graphql";
import type { Path } from "graphql/jsutils/Path.js";
import { MOST_ANSWER_BYTES, TooLargeError } from "../db/too-large-error.ts";

/** A list of an answer whose items are JSON already, and its place there. */
interface RawList {
  readonly path: Path;
  /** JSON in UTF-8, with commas between them. */
  readonly items: Buffer;
}

/**
 * Lists that stand in an answer as they were read: as JSON. The executor sees an empty list in the place of each;
 * they are put there when the answer is made JSON, so that none of their items ever becomes an object.
 */
export class RawJson {
  readonly #lists: RawList[] = [];
  #bytes = 0;

  /**
   * @returns What the executor is to see there.
   * @throws {TooLargeError} where the lists are longer together than an answer may be.
   */
  put(path: Path, items: Buffer): readonly [] {
    this.#bytes += items.byteLength;
    if (this.#bytes > MOST_ANSWER_BYTES) throw new TooLargeError();
    this.#lists.push({ path, items });
    return [];
  }

  /** The JSON of a result, with the lists in their places. One whose place was lost to an error is left out. */
  stringify(result: ExecutionResult): Buffer {
    // Nothing that an answer holds can be mistaken for it: nobody knows it before.
    const mark = randomUUID();
    for (const [index, { path }] of this.#lists.entries()) {
      const parent = foundAt(result.data, path.prev);
      if (parent) parent[path.key] = `${mark}${index}`;
    }
    const [head = "", ...others] = JSON.stringify(result).split(`"${mark}`);
    const parts = others.flatMap((part) => {
      const end = part.indexOf('"');
      const items = this.#lists[Number(part.slice(0, end))]?.items ?? NONE;
      return [OPEN, items, Buffer.from(`]${part.slice(end + 1)}`)];
    });
    return Buffer.concat([Buffer.from(head), ...parts]);
  }
}

const [OPEN, NONE] = [Buffer.from("["), Buffer.from("")];

type Parent = Record<string | number, unknown>;

/** What of a result stands at a path; null where an error took it away. */
function foundAt(data: unknown, path: Path | undefined): Parent | null {
  const found = path ? foundAt(data, path.prev)?.[path.key] : data;
  return (found as Parent | null | undefined) ?? null;
}
