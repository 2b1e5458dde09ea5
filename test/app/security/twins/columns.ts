import { random, type Random } from "./random.ts";

/** A column of a twin's dataset. */
export interface TwinColumn {
  readonly name: string;
  readonly type: string;
  readonly [rule: string]: unknown;
}

/** The columns of `people`: some rows show some of them, by which role gives the row. */
export const PEOPLE: readonly TwinColumn[] = [
  { name: "name", type: "TEXT", indexed: true },
  { name: "team", type: "TEXT", indexed: true },
  { name: "level", type: "INTEGER", indexed: true, whenDenied: "ERROR", default: 6 },
  { name: "city", type: "TEXT" },
  { name: "salary", type: "DECIMAL", indexed: true, whenDenied: "NULL" },
  { name: "born", type: "DATE", whenDenied: "ERROR" },
  { name: "seen_at", type: "DATETIME" },
  { name: "active", type: "BOOLEAN", whenDenied: "NULL" },
  { name: "data", type: "JSON" },
  { name: "note", type: "TEXT", indexed: true },
  { name: "memo", type: "TEXT" },
  ...["essay", "draft", "outline"].map((name) => ({ name, type: "TEXT" })),
  { name: "code", type: "TEXT", unique: true },
  { name: "badge", type: "TEXT", unique: true, tellsTaken: true },
  { name: "choice", type: "SELECT" },
  { name: "secret", type: "TEXT" },
];

/** The columns of `parts`, of which all rows are seen. */
export const PARTS: readonly TwinColumn[] = [
  { name: "sku", type: "TEXT", unique: true },
  { name: "title", type: "TEXT", maxLength: 20 },
  { name: "cost", type: "DECIMAL", indexed: true },
  { name: "weight", type: "INTEGER", min: 0 },
  { name: "kind", type: "SELECT", options: ["nut", "bolt"] },
];

const TEXTS = [
  "Ada",
  "Bob",
  "Ulm",
  "Bonn",
  "Aachen",
  "",
  "\u00e4",
  "e\u0301",
  "z\u{1f4a5}",
  "z\uffee",
  "a%_b",
];
const MOMENTS = [
  "2001-01-01T00:00:00Z",
  "2025-12-31T23:59:59.999Z",
  "2026-01-01T00:00:00.001Z",
  "2030-06-01T12:00:00+02:00",
];

/** A value of a type, now and then none. */
export function valueOf(type: string, drawn: Random): unknown {
  if (drawn.chance(0.15)) return null;
  switch (type) {
    case "INTEGER":
      return drawn.pick([0, 1, 2, 3, 4, 5, 50, -7, "9007199254740993"]);
    case "DECIMAL":
      return drawn.pick(["1.5", "1.50", "0", "-2.25", "1000000000000000000000.1", 3]);
    case "BOOLEAN":
      return drawn.chance(0.5);
    case "DATE":
      return drawn.pick(["1970-01-01", "2000-02-29", "2025-12-31", "2026-01-01"]);
    case "DATETIME":
      return drawn.pick(MOMENTS);
    case "JSON":
      return drawn.pick<unknown>([{ a: 1 }, [1, "x"], "text", 0, false]);
    default:
      return drawn.pick(TEXTS);
  }
}

type Cells = Readonly<Record<string, unknown>>;

/** A row of each twin: alike in what the caller reads. */
export interface TwinRow {
  /** Its name for both twins; null: the caller does not see it, and one twin alone has it. */
  readonly name: string | null;
  readonly cells: Cells;
}

/** Which roles give a row: `red` by the team, `high` by the level, `past` by when it was seen. */
interface Given {
  readonly red: boolean;
  readonly high: boolean;
  readonly past: boolean;
}

const SHOWN: Readonly<Record<string, (given: Given) => boolean>> = {
  name: ({ red, high }) => red || high,
  level: ({ red }) => red,
  city: () => true,
  salary: ({ high }) => high,
  born: ({ red }) => red,
  seen_at: ({ high }) => high,
  active: ({ red }) => red,
  data: ({ high }) => high,
  code: ({ red }) => red,
  badge: ({ red }) => red,
  choice: ({ red }) => red,
};

/** Whether the caller reads the column in a row that is given so. */
function isShown(column: string, given: Given): boolean {
  const reads = Object.hasOwn(SHOWN, column) ? SHOWN[column] : undefined;
  return (given.red || given.high || given.past) && (reads?.(given) ?? false);
}

/**
 * The rows of `people` of one twin.
 *
 * @param shared Draws what both twins have alike, and has to be as far in both.
 * @param own Draws what the caller does not see.
 * @param isBeyond Whether there are rows that its roles give, and the condition of a token does not.
 */
export function peopleOf(shared: Random, own: Random, isBeyond: boolean): TwinRow[] {
  const rows: TwinRow[] = [];
  for (let place = 0; place < 24; place += 1) {
    const [red, high, past] = [0, 1, 2].map(() => shared.chance(0.45));
    const given = { red: red === true, high: high === true, past: past === true };
    const seed = shared.below(2 ** 31);
    for (let hidden = own.below(3); hidden > 0; hidden -= 1) {
      rows.push({ name: null, cells: cellsOf(UNSEEN, { own, shown: own, place: rows.length }) });
    }
    if (isBeyond && own.chance(0.3)) {
      const cells = cellsOf(GIVEN, { own, shown: own, place: rows.length });
      const badge = `badge beyond ${rows.length}`;
      rows.push({ name: null, cells: { ...cells, secret: "r", code: null, badge } });
    }
    if (!given.red && !given.high && !given.past) continue;
    const shown = random(seed);
    rows.push({ name: `person ${place}`, cells: cellsOf(given, { own, shown, place }) });
  }
  return rows;
}

const UNSEEN: Given = { red: false, high: false, past: false };
const GIVEN: Given = { red: true, high: true, past: true };

interface Draws {
  readonly own: Random;
  readonly shown: Random;
  readonly place: number;
}

function cellsOf(given: Given, { own, shown, place }: Draws): Cells {
  const cells = PEOPLE.map(({ name, type }) => {
    // Both are drawn each time, so that one twin is as far as the other in what they share.
    const ofBoth = cellOf(name, type, given, shown, `s${place}`);
    const ofOne = cellOf(name, type, given, own, `o${own.below(1e6)}-${place}`);
    return [name, isShown(name, given) ? ofBoth : ofOne];
  });
  return Object.fromEntries(cells) as Cells;
}

// eslint-disable-next-line eslint/max-params
function cellOf(name: string, type: string, given: Given, drawn: Random, mark: string): unknown {
  switch (name) {
    case "team":
      return given.red ? "red" : drawn.pick(["blue", "green", null, "Red"]);
    case "level":
      return levelOf(given, drawn);
    case "seen_at":
      return given.past ? MOMENTS[drawn.below(2)] : drawn.pick([...MOMENTS.slice(2), null]);
    case "code":
      return drawn.chance(0.3) ? null : `code ${mark}`;
    case "badge":
      return given.red ? `badge ${mark}` : null;
    case "choice":
      return null;
    case "secret":
      return `s${"x".repeat(drawn.chance(0.2) ? 60_000 : drawn.below(100))}`;
    default:
      return valueOf(type, drawn);
  }
}

/** Filters of writes ask for it in rows that do not show it: then it may differ, and what they find may not. */
function levelOf({ red, high }: Given, drawn: Random): unknown {
  if (high) return 5 + drawn.below(80);
  return red ? drawn.pick([0, 1, 2, 3, 4, null]) : drawn.below(2);
}

/** The rows of `parts` of one twin: as many in both. */
export function partsOf(shared: Random, own: Random): TwinRow[] {
  return Array.from({ length: 8 }, (_none, place) => ({
    name: `part ${place}`,
    cells: {
      sku: `sku ${place}`,
      title: valueOf("TEXT", shared),
      weight: shared.pick([0, 1, 5, null]),
      kind: shared.pick(["nut", "bolt", null]),
      cost: valueOf("DECIMAL", own),
    },
  }));
}
