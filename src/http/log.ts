import { pino, stdTimeFunctions, type DestinationStream, type Logger } from "pino";

/** Where log lines go. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** Headers that hold secrets. They are taken out wherever headers are logged. */
const SECRET_HEADERS = ["authorization", "x-api-key", "cookie", "set-cookie", "dpop"];

/**
 * A log of JSON lines, to standard output unless told otherwise. Headers that hold secrets are taken
 * out at the top of a line, in `headers`, and in `headers` of anything one level down (`req`, `err`).
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    timestamp: stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_HEADERS.flatMap((name) =>
        ["", "headers", "*.headers"].map((holder) => `${holder}["${name}"]`),
      ),
      censor: "[secret]",
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
