import process from "node:process";

/** Tells on standard error what is being done: on a terminal in one line, elsewhere a line for each. */
export function progress(): { readonly say: (words: string) => void; readonly end: () => void } {
  const { isTTY } = process.stderr;
  const begun = performance.now();
  return {
    say: (words) => {
      const seconds = Math.round((performance.now() - begun) / 1_000);
      const line = `${String(seconds).padStart(4)} s  ${words}`;
      process.stderr.write(isTTY ? `\r${line}\u001B[K` : `${line}\n`);
    },
    end: () => {
      if (isTTY) process.stderr.write("\r\u001B[K");
    },
  };
}
