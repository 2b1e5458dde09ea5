import type { SourceItem } from "../../src/records/source-record.ts";

export async function itemsOf(items: AsyncIterable<SourceItem>): Promise<SourceItem[]> {
  const all: SourceItem[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function* chunked(content: string | Buffer, size = 65_536): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(content);
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

/** A file that goes on for ever: `start`, then `part` again and again. */
export function endless(start: string, part: string) {
  const chunk = Buffer.from(part.repeat(Math.ceil(65_536 / part.length)));
  const source = {
    bytes: 0,
    closed: false,
    async *chunks(): AsyncGenerator<Buffer> {
      try {
        if (start !== "") yield Buffer.from(start);
        for (;;) {
          yield chunk;
          source.bytes += chunk.length;
        }
      } finally {
        source.closed = true;
      }
    },
  };
  return source;
}
