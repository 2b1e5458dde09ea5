/** What the server of the bench says of itself. */
export interface ExportReady {
  readonly address: string;
  readonly key: string;
  readonly datasetId: string;
}

/** How much memory the server took, in bytes. */
export interface Memory {
  /** The most that was resident since the last question. */
  readonly mostResident: number;
  /** Heap and external memory that is left after a forced collection. */
  readonly kept: number;
}

/** One export of all rows. */
export interface ExportRun {
  readonly format: string;
  readonly seconds: number;
  /** Until the first byte came: the time in which the snapshot was held. */
  readonly secondsHeld: number;
  readonly bytes: number;
  readonly idle: Memory;
  readonly during: Memory;
  readonly after: Memory;
}

const MB = 1024 * 1024;

/** The most that an export may take above idle, in MB: see docs/decisions/012-export.md. */
export const MOST_ABOVE_IDLE = 100;

/** How far above the idle server an export was, in MB. */
export function aboveIdle({ idle, during }: Pick<ExportRun, "idle" | "during">): number {
  return (during.mostResident - idle.mostResident) / MB;
}

/** One line of the report. */
export function lineOf(kind: string, run: ExportRun): string {
  const { format, seconds, secondsHeld, bytes, idle, after } = run;
  const kept = ((after.kept - idle.kept) / MB).toFixed(1);
  return `${kind} ${format}: ${seconds.toFixed(1)} s, of which ${secondsHeld.toFixed(1)} s in its snapshot, ${(bytes / MB).toFixed(0)} MB; memory at most ${aboveIdle(run).toFixed(0)} MB above idle, ${kept} MB kept`;
}

/** One import of all rows. */
export interface ImportRun extends Pick<ExportRun, "format" | "seconds" | "idle" | "during"> {
  readonly rows: number;
}

/** One line of the report, of an import. */
export function lineOfImport(kind: string, run: ImportRun): string {
  const { format, seconds, rows } = run;
  return `${kind} ${format}: imported in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s; memory at most ${aboveIdle(run).toFixed(0)} MB above idle`;
}
