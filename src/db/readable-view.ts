import sql, { join, raw, type Sql } from "sql-template-tag";
import { type AccessPlan, fieldsGiven, rowsOf, rowsSeen } from "../authz/access-plan.ts";
import type { Predicate } from "../authz/predicate.ts";
import type {
  ColumnDefinition,
  DatasetDefinition,
  Field,
  LinkDefinition,
} from "./dataset-definition.ts";
import {
  anySql,
  cellName,
  type ColumnsById,
  concat,
  NATIVE_TYPES,
  predicateSql,
} from "./predicate-sql.ts";

/** A dataset and the decision about it: all that SQL about its rows is made from. */
export interface PlannedDataset {
  readonly definition: DatasetDefinition;
  readonly plan: AccessPlan;
}

/**
 * The readable view: rows that the caller may not see are absent from it, and cells that it may not read
 * are NULL. Filter, order, group, aggregate, cursor, count and output read from it and from nothing
 * else, so that none of them can depend on what is hidden.
 *
 * Which rows are seen is said of the table itself, so that indexes lead to them. Where some cells, or links, may be
 * read in other rows than others, each of the predicates that tell is asked once more of a row that is seen, however
 * many cells depend on it, and the view says in `held` which of them hold; see {@link unreadableIn}.
 *
 * @param sought The columns that the statement filters or orders by, where it shows others too: cells of
 *   `overflow` that are only shown are taken from it together, those that are sought as an index has them.
 *   Null: every cell is sought.
 */
export function readableView(
  dataset: PlannedDataset,
  sought: ReadonlySet<string> | null = null,
): Sql {
  const { columns } = readableFields(dataset);
  const isWhole = (column: ColumnDefinition) =>
    sought !== null && !isNative(column) && !sought.has(column.id);
  return viewSql(dataset, columns, { isWhole, isAskedOnce: true });
}

/**
 * The readable view for a statement that computes with some of its columns and shows no row.
 *
 * To ask each predicate once of a row takes longer than some comparisons do. Where the columns depend on few, the
 * predicates stand where they are needed instead, and no more than twice as many are asked: then the statement takes
 * as long as on a table.
 *
 * @param named The ids of the columns, as often as the statement names each; there are no others in the view.
 */
export function computedView(dataset: PlannedDataset, named: readonly string[]): Sql {
  const { asked, columns } = readableFields(dataset);
  const byId = new Map(columns.map((column) => [column.field.id, column]));
  const needed = named.flatMap((id) => byId.get(id)?.by ?? []).length;
  const cells = [...new Set(named)].flatMap((id) => byId.get(id) ?? []);
  return viewSql(dataset, cells, { isWhole: () => false, isAskedOnce: needed > asked.length });
}

interface ViewUse {
  /** Whether the cells of a column are taken from the overflow together with others. */
  readonly isWhole: (column: ColumnDefinition) => boolean;
  /** Whether each predicate is asked once of a row, however many cells depend on it. */
  readonly isAskedOnce: boolean;
}

function viewSql(
  dataset: PlannedDataset,
  cells: readonly Readable<ColumnDefinition>[],
  { isWhole, isAskedOnce }: ViewUse,
): Sql {
  const { definition, plan } = dataset;
  const columns = columnsById(definition);
  const { asked } = readableFields(dataset);
  const shown = cells.map(({ field: column, by }) => {
    const cell = isWhole(column) ? wholeCell(column) : cellName(column);
    const held = by === null ? cell : sql`CASE WHEN ${join(by.map(flag), " OR ")} THEN ${cell} END`;
    return sql`, ${held} AS ${cellName(column)}`;
  });
  const varies = asked.length > 0;
  const seen = anySql(rowsSeen(plan), columns);
  return sql`
    (SELECT tenant_id, id, version, created_at, created_by, updated_at, updated_by${
      varies ? sql`, ARRAY[${join(asked.map((_rows, place) => flag(place)))}] AS held` : sql``
    }${concat(shown)}
     FROM ${storageView(definition)} s${cells.some(({ field }) => isWhole(field)) ? WHOLE : sql``}${
       varies ? askedOfRow(asked, columns, isAskedOnce) : sql``
     }
     WHERE tenant_id = ${definition.tenantId}::uuid AND ${seen})`;
}

/**
 * The rows of the readable view, to be locked: without their cells but for some, and with these those rows alone in
 * which each of them may be read.
 *
 * Who locks a row that another transaction has changed meanwhile has its conditions asked again, of the row as
 * it has become: but only those that stand beside the table, and not what a subquery has told of it before, as
 * that of the view which asks each predicate once.
 */
export function rowsInSight(
  { definition, plan }: PlannedDataset,
  read: readonly ColumnDefinition[] = [],
): Sql {
  const columns = columnsById(definition);
  const conditions = [rowsSeen(plan), ...read.map(({ id }) => rowsOf(plan, "READ", id))];
  return sql`
    (SELECT id, version${concat(read.map((column) => sql`, ${cellName(column)}`))}
     FROM ${storageView(definition)}
     WHERE tenant_id = ${definition.tenantId}::uuid
       AND ${join(
         conditions.map((rows) => anySql(rows, columns)),
         " AND ",
       )})`;
}

/** A readable column or link, and where it may be read. */
interface Readable<Of extends Field> {
  readonly field: Of;
  /** In rows on which one of these predicates holds, by their places in `asked`; null: in every row seen. */
  readonly by: readonly number[] | null;
}

/** What is readable, and the predicates that have to be asked of each row; none: all rows are alike. */
interface ReadableFields {
  readonly asked: readonly Predicate[];
  readonly columns: readonly Readable<ColumnDefinition>[];
  readonly links: readonly Readable<Field>[];
}

const fieldsKnown = new WeakMap<PlannedDataset, ReadableFields>();

function readableFields(dataset: PlannedDataset): ReadableFields {
  const known = fieldsKnown.get(dataset) ?? fieldsOfView(dataset);
  fieldsKnown.set(dataset, known);
  return known;
}

function fieldsOfView({ definition, plan }: PlannedDataset): ReadableFields {
  const seen = rowsSeen(plan);
  const readable = fieldsGiven(plan, "READ");
  const asked = new Map<Predicate, number>();
  const placeOf = (rows: Predicate): number => {
    const place = asked.get(rows) ?? asked.size;
    asked.set(rows, place);
    return place;
  };
  const whereRead = <Of extends Field>(fields: readonly Of[]): Readable<Of>[] =>
    fields
      .filter(({ id }) => readable.has(id))
      .map((field) => {
        const rows = rowsOf(plan, "READ", field.id);
        const isEverywhere = seen.every((each) => rows.includes(each));
        return { field, by: isEverywhere ? null : rows.map(placeOf) };
      });
  const [columns, links] = [whereRead(definition.columns), whereRead(definition.links)];
  return { asked: [...asked.keys()], columns, links };
}

function flag(place: number): Sql {
  return raw(`f.b${place}`);
}

/** Whether each predicate holds on a row; `OFFSET 0` keeps the planner from asking it at every mention. */
function askedOfRow(asked: readonly Predicate[], columns: ColumnsById, isAskedOnce: boolean): Sql {
  const flags = asked.map(
    (rows, place) => sql`(${predicateSql(rows, columns)}) IS TRUE AS ${raw(`b${place}`)}`,
  );
  return sql` CROSS JOIN LATERAL (SELECT ${join(flags)}${isAskedOnce ? sql` OFFSET 0` : sql``}) f`;
}

/** Whether the rows of a view differ in which fields may be read, so that it has `held`. */
export function isVarying(dataset: PlannedDataset): boolean {
  return readableFields(dataset).asked.length > 0;
}

/**
 * The columns and links that may not be read in a row of the view although they may in others.
 *
 * @param held What the view says in `held` of the row.
 */
export function unreadableIn(dataset: PlannedDataset): (held: readonly boolean[]) => Field[] {
  const { columns, links } = readableFields(dataset);
  const varying = [...columns, ...links].filter(({ by }) => by !== null);
  return (held) =>
    varying.filter(({ by }) => !by?.some((place) => held[place])).map(({ field }) => field);
}

/**
 * By which of the truths that the view says in `held` a column or link may be read in a row: one of them has to hold;
 * null where it may be read in each row, or in none.
 */
export function heldBy(dataset: PlannedDataset, fieldId: string): readonly number[] | null {
  const { columns, links } = readableFields(dataset);
  return [...columns, ...links].find(({ field }) => field.id === fieldId)?.by ?? null;
}

/** Columns with a slot up to this one are native; the others live in `overflow`. See the migration. */
const NATIVE_SLOTS = 250;

/** Whether the cells of a column are a column of the dataset's table, not a part of `overflow`. */
export function isNative({ slot }: ColumnDefinition): boolean {
  return slot <= NATIVE_SLOTS;
}

/** The overflow of a row, fetched once for all the cells in it and not once for each. */
const WHOLE = sql` CROSS JOIN LATERAL (SELECT s.overflow || '{}' AS whole OFFSET 0) o`;

function wholeCell({ slot, type }: ColumnDefinition): Sql {
  const key = `'${slot}'`;
  return type === "JSON"
    ? raw(`(o.whole -> ${key})`)
    : raw(`((o.whole ->> ${key})::${NATIVE_TYPES[type]})`);
}

/** The columns that the caller may read in some row, in their order. */
export function readableColumns({ definition, plan }: PlannedDataset): ColumnDefinition[] {
  const readable = fieldsGiven(plan, "READ");
  return definition.columns.filter(({ id }) => readable.has(id));
}

/** The links that the caller may read in some row, in their order. */
export function readableLinks({ definition, plan }: PlannedDataset): LinkDefinition[] {
  const readable = fieldsGiven(plan, "READ");
  return definition.links.filter(({ id }) => readable.has(id));
}

/** The one door to the rows of a dataset; see the migration that draws it. */
export function storageView({ id }: Pick<DatasetDefinition, "id">): Sql {
  return raw(`data.d_${id.replaceAll("-", "")}`);
}

/** The columns of a dataset by their ids. */
export function columnsById({ columns }: DatasetDefinition): ColumnsById {
  return new Map(columns.map((column) => [column.id, column]));
}
