import { Presets, SingleBar } from "cli-progress";
import { printError } from "./print.ts";

/** How far a long piece of work is, on standard error. */
export interface ProgressBar {
  /** Goes on to a phase, or further within it. */
  show(phase: string, done: number): void;
  /** Says something that stays. */
  say(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

/**
 * A bar on a terminal, and elsewhere a plain line every few seconds.
 *
 * @param total What `done` comes to at the end of each phase, such as the bytes of a file.
 */
export function progressBar(total: number): ProgressBar {
  return process.stderr.isTTY ? bar(total) : lines(total);
}

function bar(total: number): ProgressBar {
  // Not to be stopped on signals: the bar would take them from the program.
  const shown = new SingleBar(
    { format: "{phase} {bar} {percentage} %, {duration_formatted}", clearOnComplete: true },
    Presets.shades_classic,
  );
  let current: string | null = null;
  const end = () => {
    shown.stop();
    current = null;
  };
  return {
    show(phase, done) {
      if (phase !== current) {
        shown.stop();
        shown.start(Math.max(total, 1), 0, { phase });
        current = phase;
      }
      shown.update(done);
    },
    say(line) {
      process.stderr.write("\r\u001B[K");
      say(line);
    },
    end,
  };
}

/** Milliseconds before the first line, and between two. */
const EVERY_MS = 2_000;

function lines(total: number): ProgressBar {
  let due = performance.now() + EVERY_MS;
  return {
    show(phase, done) {
      if (performance.now() < due) return;
      due = performance.now() + EVERY_MS;
      say(`${phase} ${Math.floor((100 * done) / Math.max(total, 1))} %`);
    },
    say,
    end: () => undefined,
  };
}

function say(line: string): void {
  printError(`${line}\n`);
}
