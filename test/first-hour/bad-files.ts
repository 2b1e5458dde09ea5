/** A file such as people have, and what an import of it says. */
export interface BadFile {
  readonly name: string;
  readonly path: string;
  readonly dataset: string;
  readonly content: () => string | Buffer;
  /** Makes the file as long as this with a hole, which takes no room on the disk. */
  readonly bytes?: number;
  /** Absent: the file is taken as it is meant. */
  readonly refused?: RegExp;
}

const taken = (name: string, content: string): Omit<BadFile, "path" | "dataset"> => ({
  name,
  content: () => content,
});

const refused = (
  name: string,
  content: () => string | Buffer,
  words: RegExp,
): Omit<BadFile, "path" | "dataset"> => ({ name, content, refused: words });

const CSV = [
  taken("a byte-order mark and CRLF", "\uFEFFa,b\r\n1,2\r\n"),
  taken("newlines within quotes", 'a,b\n"x\ny",2\n'),
  taken("no rows", "a,b\n"),
  taken("a column of mixed types", "a\n1\nx\ntrue\n"),
  taken("numbers of 40 digits", `a\n${"7".repeat(40)}\n`),
  taken("dates in three formats", "a\n2024-02-29\n29.02.2024\nFeb 29 2024\n"),
  refused("ragged lines", () => "a,b\n1\n1,2,3\n", /^line 2: .*\nline 3: /m),
  refused("invalid UTF-8", () => Buffer.from("a\n\xff\n", "latin1"), /line 2: not valid UTF-8/),
  refused("two headers alike", () => "a,b,a\n1,2,3\n", /same header/),
  refused("an empty header", () => "a,,c\n1,2,3\n", /column 2 has no header/),
  refused("a million columns", () => "column,".repeat(1_000_000), /has to name the columns/),
];

/** Files that are handled, or refused in words, within seconds. */
export const BAD_FILES: readonly BadFile[] = [
  ...CSV.map((file, i) => ({ ...file, path: `bad_${i}.csv`, dataset: `bad_${i}` })),
  {
    ...refused("JSON that ends in the middle", () => '[{"a": 1}, {"a"', /ends in the middle/),
    path: "half.json",
    dataset: "half",
  },
  {
    ...refused("a line of 2 GB", () => "a,b\n1,2\n", /1 MiB/),
    path: "long.csv",
    dataset: "long",
    bytes: 2 * 1024 ** 3,
  },
];
