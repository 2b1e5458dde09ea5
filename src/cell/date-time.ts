const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

const DATETIME =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,100}))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/;

const MINUTE = 60_000;

/** `true` for a day of the calendar, `YYYY-MM-DD` with a year from 0001 to 9999. */
export function isDate(text: string): boolean {
  if (!DATE.test(text) || text.startsWith("0000")) return false;
  const time = Date.parse(`${text}T00:00:00.000Z`);
  // A day that its month does not have becomes one of the next.
  return new Date(time).getUTCDate() === Number(text.slice(-2));
}

export type DateTimeFault = "SYNTAX" | "PRECISION" | "RANGE";

/**
 * Reads an ISO 8601 date-time with a zone into UTC milliseconds, `YYYY-MM-DDTHH:MM:SS.mmmZ`.
 * A finer fraction is a fault unless its further digits are zeros: rounding would be a change.
 */
export function parseDateTime(
  text: string,
): { ok: true; text: string } | { ok: false; fault: DateTimeFault } {
  const match = DATETIME.exec(text);
  if (match === null) return { ok: false, fault: "SYNTAX" };
  const [, date = "", hour = "", minute = "", second = "00", fraction = ""] = match;
  const [sign, offsetHours = "00", offsetMinutes = "00"] = match.slice(6);
  const inRange = hour <= "23" && minute <= "59" && second <= "59";
  if (!isDate(date) || !inRange || offsetHours > "23" || offsetMinutes > "59") {
    return { ok: false, fault: "RANGE" };
  }
  if (/[1-9]/.test(fraction.slice(3))) return { ok: false, fault: "PRECISION" };
  const local = `${date}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE;
  const utc = new Date(Date.parse(local) - (sign === "-" ? -offset : offset)).toISOString();
  return /^(?!0000)\d{4}-/.test(utc) ? { ok: true, text: utc } : { ok: false, fault: "RANGE" };
}
