/** Bytes that lie on one line; `ends` where its line break follows them. */
export interface LinePiece {
  readonly line: number;
  readonly bytes: Buffer;
  readonly ends: boolean;
}

const NEWLINE = 10;

/** Cuts chunks at line breaks (a carriage return stays), so that a place in the text has a line. */
export async function* splitAtNewlines(chunks: AsyncIterable<Buffer>): AsyncGenerator<LinePiece> {
  let line = 1;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield { line, bytes: chunk.subarray(start, end + 1), ends: true };
      line += 1;
      start = end + 1;
    }
    if (start < chunk.length) yield { line, bytes: chunk.subarray(start), ends: false };
  }
}
