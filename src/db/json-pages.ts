import sql, { join, raw, type Sql } from "sql-template-tag";
import { boundedTexts, MOST_CHARACTERS } from "./bounded-texts.ts";
import { cellJson } from "./cell-json.ts";
import { cellName } from "./predicate-sql.ts";
import { columnsIn, rowJson, type RowShape } from "./row-json.ts";
import { keysSql, placeOf, type ShownKey } from "./row-pages.ts";
import { type RowsInOrder, stretches } from "./row-stretches.ts";
import type { Place } from "./shown-row.ts";
import type { Transaction } from "./transaction.ts";

/** A page of which each row is answered as the JSON of a shape. */
export interface JsonPageRequest extends Omit<RowsInOrder, "limit"> {
  readonly shape: RowShape;
  /** The most rows of the page. */
  readonly size: number;
  /** Whether the places of its first and its last row are asked for. */
  readonly isPlaced: boolean;
}

/** The rows of such a page. */
export interface JsonPage {
  /** The rows, with commas between them. */
  readonly json: string;
  readonly length: number;
  readonly hasMore: boolean;
  /** Null on an empty page, and where they were not asked for. */
  readonly first: Place | null;
  readonly last: Place | null;
}

/**
 * Reads pages of many datasets in one statement, each in its order and as one text: neither a cell nor a row
 * becomes a value of its own on the way. Pages with rows so long that the database should not put them together are
 * read row by row, in a second one.
 *
 * @throws {TooLargeError} where they are longer than an answer may be.
 */
export async function jsonPages(
  transaction: Transaction,
  requests: readonly JsonPageRequest[],
): Promise<JsonPage[]> {
  const found = await texts<PageText>(transaction, requests.map(pageSql));
  const pages = found.map((row, index) => pageOf(row, requests[index]?.size ?? 0));
  const long = requests.filter((_request, index) => pages[index] === null);
  if (long.length === 0) return pages.filter((page) => page !== null);
  const read = await longPages(transaction, long);
  const byRequest = new Map(long.map((request, index) => [request, read[index]]));
  return requests.map((request, index) => pages[index] ?? byRequest.get(request) ?? EMPTY);
}

const EMPTY: JsonPage = { json: "", length: 0, hasMore: false, first: null, last: null };

/** Stands between rows. Within them no line ends: JSON writes that as an escape. */
const BETWEEN = ",\n";

/** The rows, how many they are, how many of them are too long, and the places of the first and the last. */
type PageText = readonly [string | null, string, string, string | null, string | null];

/** Null where rows of it are too long. */
function pageOf([rows, count, tooLong, first, last]: PageText, size: number): JsonPage | null {
  if (tooLong !== "0") return null;
  const hasMore = Number(count) > size;
  const json = rows ?? "";
  return {
    json: hasMore ? json.slice(0, Math.max(json.lastIndexOf(BETWEEN), 0)) : json,
    length: Math.min(Number(count), size),
    hasMore,
    first: placeIn(first),
    last: placeIn(last),
  };
}

function placeIn(text: string | null): Place | null {
  if (text === null) return null;
  const [id, ...keys] = JSON.parse(text) as [string | null, ...ShownKey[]];
  return id === null ? null : placeOf(id, keys);
}

function pageSql(request: JsonPageRequest): Sql {
  const { dataset, shape, order, isPlaced, size } = request;
  const longest = Math.floor(MOST_CHARACTERS / (size + 1));
  const keys = order.map(({ column }) => column);
  const placed = isPlaced ? [raw("r.id"), ...keys.map((key) => sql`r.${cellName(key)}`)] : [];
  const placeAt = (at: Sql) =>
    isPlaced
      ? sql`json_build_array(${join([
          sql`(array_agg(p.id))[${at}]`,
          ...keys.map((key) => cellJson(key, sql`(array_agg(p.${cellName(key)}))[${at}]`)),
        ])})`
      : sql`NULL::json`;
  return sql`
    SELECT string_agg(p.json, ${BETWEEN}) FILTER (WHERE octet_length(p.json) <= ${longest}), count(*),
           count(*) FILTER (WHERE octet_length(p.json) > ${longest}),
           ${placeAt(raw("1"))}, ${placeAt(sql`least(count(*), ${size})`)}
    FROM (SELECT ${join([sql`${rowJson(dataset, shape)} AS json`, ...placed])}
          FROM (${rowsSql(request)}) r LIMIT ${size + 1}) p`;
}

function rowsSql(request: JsonPageRequest): Sql {
  const rows = { ...request, limit: request.size + 1 };
  return join(stretches(rows, columnsIn(request.shape)), " UNION ALL ");
}

/** The number of the page, a row of it, its id, and its cells in the order. */
type RowText = readonly [string, string, string, string];

async function longPages(
  transaction: Transaction,
  requests: readonly JsonPageRequest[],
): Promise<JsonPage[]> {
  const found = await texts<RowText>(transaction, requests.map(longPageSql));
  return requests.map(({ size }, index) => {
    const all = found.filter(([page]) => page === String(index));
    const rows = all.slice(0, size);
    return {
      json: rows.map(([, json]) => json).join(BETWEEN),
      length: rows.length,
      hasMore: all.length > size,
      first: placeOfLong(rows[0]),
      last: placeOfLong(rows.at(-1)),
    };
  });
}

function placeOfLong(row: RowText | undefined): Place | null {
  return row ? placeOf(row[2], JSON.parse(row[3]) as ShownKey[]) : null;
}

function longPageSql(request: JsonPageRequest, index: number): Sql {
  const { dataset, shape, order, size } = request;
  return sql`
    SELECT ${raw(String(index))}, ${rowJson(dataset, shape)}, r.id, ${keysSql(order)}
    FROM (${rowsSql(request)}) r LIMIT ${size + 1}`;
}

/** Reads parts one after the other, their values as they are written. */
async function texts<Row extends object>(
  transaction: Transaction,
  parts: readonly Sql[],
): Promise<Row[]> {
  const { text, values } = join(
    parts.map((part) => sql`(${part})`),
    " UNION ALL ",
  );
  const types = boundedTexts();
  const { rows } = await transaction.send<Row>({ text, values, rowMode: "array", types });
  return rows;
}
