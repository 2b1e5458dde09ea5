import { pino, stdTimeFunctions, type DestinationStream, type Logger } from "pino";

/** Where log lines go. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** Headers that hold secrets. They are taken out wherever headers are logged. */
const SECRET_HEADERS = ["authorization", "x-api-key", "cookie", "set-cookie", "dpop"];

/** What PostgreSQL adds to an error quotes the row at fault, cell by cell. */
const QUOTED_ROWS = ["err.detail", "err.where"];

/**
 * A log of JSON lines, to standard output unless told otherwise. Headers that hold secrets are taken
 * out at the top of a line, in `headers`, and in `headers` of anything one level down (`req`, `err`);
 * so are cells that an error quotes.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: {
      paths: [...QUOTED_ROWS, ...SECRET_HEADERS.flatMap(pathsTo)],
      censor: "[secret]",
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

function pathsTo(header: string): string[] {
  return ["", "headers", "*.headers"].map((holder) => `${holder}["${header}"]`);
}
