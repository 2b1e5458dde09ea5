const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

const DATETIME =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,100}))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/;

const MINUTE = 60_000;

const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** `true` for a day of the calendar, `YYYY-MM-DD` with a year from 0001 to 9999. */
export function isDate(text: string): boolean {
  if (!DATE.test(text) || text.startsWith("0000")) return false;
  return isDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8)));
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Numbers alone: making a `Date` of each takes several times as long, and imports read millions. */
function isDay(year: number, month: number, day: number): boolean {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
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
  if (CANONICAL.test(text)) return { ok: true, text };
  if (/[1-9]/.test(fraction.slice(3))) return { ok: false, fault: "PRECISION" };
  const local = `${date}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MINUTE;
  const utc = new Date(Date.parse(local) - (sign === "-" ? -offset : offset)).toISOString();
  return /^(?!0000)\d{4}-/.test(utc) ? { ok: true, text: utc } : { ok: false, fault: "RANGE" };
}
