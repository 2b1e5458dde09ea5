import fc from "fast-check";
import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { afterAll, beforeEach, expect, test } from "vitest";
import { schema } from "../../../src/schema.ts";
import { draws } from "../../support/draws.ts";
import { aWorld, type World } from "../../support/world.ts";

let world: World;
let ids: Readonly<Record<string, readonly string[]>>;
let keys: (string | null)[];

const TYPES = ["TEXT", "INTEGER", "DECIMAL", "BOOLEAN", "DATE", "DATETIME", "JSON"];

beforeEach(async () => {
  world = await aWorld();
  const columns = TYPES.map((type) => ({ name: type.toLowerCase(), type }));
  const dataset = await world.dataset({
    columns: [
      ...columns,
      { name: "choice", type: "SELECT", options: ["a", "b"] },
      { name: "code", type: "TEXT", unique: true },
      { name: "constructor", type: "TEXT", indexed: true },
    ],
    rows: [{ text: "a", integer: 1, decimal: "1.5", date: "2024-02-29", code: "one" }, {}],
  });
  const role = await world.role({ canRead: true });
  const key = await world.keyWithId({ roles: [role] });
  ids = {
    dataset: [dataset.id],
    column: Object.values(dataset.columns),
    row: dataset.rows,
    role: [role],
    key: [key.id],
  };
  const all = await world.ask<{ permissions: { name: string }[] }>("{ permissions { name } }");
  const permissions = all.permissions.map(({ name }) => name);
  keys = [
    world.admin,
    await world.key({ roles: [{ permissions, canRead: true, canCreate: true, canUpdate: true }] }),
    null,
  ];
});
afterAll(() => world.database.close());

/** Texts that mean something to somebody: SQL, JSON, the file system, a terminal, a regular expression. */
const TEXTS = [
  ...TYPES.map((type) => type.toLowerCase()),
  "",
  "a",
  "choice",
  "code",
  "constructor",
  "__proto__",
  "name",
  "custom::x",
  "row::get",
  "' OR 1=1 --",
  '"; DROP TABLE role; --',
  "$1",
  "%_\\",
  "\u0000",
  "\ud800",
  "e\u0301",
  "💥",
  "\u202eabc",
  "(a+)+$",
  "[",
  "../../../etc/passwd",
  "{{7*7}}",
  "2024-02-30",
  "2024-02-29",
  "0000-00-00",
  "-infinity",
  "NaN",
  "1e400",
  "-0",
  "9223372036854775808",
  "99999999999999999999999999.5",
  "x".repeat(70_000),
  "1".repeat(300),
];

const text = fc.constantFrom(...TEXTS);
const json: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(null, true, 0, -0, 1.5, 2 ** 53, -(2 ** 63), 1e308, 5e-324, {}, []),
  fc.array(text, { maxLength: 2 }),
  fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null)), { maxKeys: 3 }),
  fc.constant(JSON.parse(`${"[".repeat(70)}${"]".repeat(70)}`) as unknown),
);

/** What an id at a place is the id of, by the names that lead there. */
function kindOf(place: string): string {
  const [, last = ""] = /\.(\w+)$/.exec(place) ?? [];
  if (last === "datasetId") return "dataset";
  if (last === "columnId" || last === "optionsFrom") return "column";
  if (/^(roleIds?|readableBy)$/.test(last)) return "role";
  if (/Rows\.|^row\./.test(place)) return "row";
  const kinds = ["column", "dataset", "role", "key"];
  return kinds.find((kind) => place.toLowerCase().includes(kind)) ?? "row";
}

/** A value that a type of input could be given at a place, well formed and otherwise senseless. */
function valueOf(type: GraphQLInputType, place: string, depth = 0): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) {
    return valueOf(type.ofType, place, depth).filter((value) => value !== null);
  }
  if (isListType(type)) {
    const size = { minLength: depth > 4 ? 0 : 1, maxLength: depth > 4 ? 0 : 3 };
    return fc.array(valueOf(type.ofType, place, depth + 1), size);
  }
  if (isInputObjectType(type)) {
    return type.name === "RowFilter" ? filter(depth) : record(type, place, depth);
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 6, arbitrary: scalar(type.name, place) },
  );
}

function record(type: GraphQLInputObjectType, place: string, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.values(type.getFields());
  const required = fields.filter((field) => isNonNullType(field.type)).map(({ name }) => name);
  const values = fields.map(
    ({ name, type: of }) => [name, valueOf(of, `${place}.${name}`, depth + 1)] as const,
  );
  return fc.record(Object.fromEntries(values), {
    requiredKeys: required,
  });
}

const COLUMN_NAMES = [...TYPES.map((type) => type.toLowerCase()), "choice", "code", "constructor"];
const columnName = fc.constantFrom(...COLUMN_NAMES);
const OPERATORS = "eq ne lt le gt ge contains startsWith endsWith".split(" ");

/** Mostly a column with one operator. */
function filter(depth: number): fc.Arbitrary<unknown> {
  const operand = fc.oneof(text, json);
  const leaf = fc
    .tuple(columnName, fc.constantFrom(...OPERATORS), operand)
    .map(([column, operator, value]): object => ({ column, [operator]: value }));
  if (depth > 3) return leaf;
  const odd: fc.Arbitrary<object>[] = [
    fc.record({ column: text, isNull: fc.constantFrom(true, false, null) }),
    fc.record({ column: columnName, in: fc.array(json, { maxLength: 3 }) }),
    fc.constantFrom<object>({}, { and: [], or: [] }, { and: null }, { not: {} }, { or: [] }),
  ];
  const parts = fc.array(filter(depth + 2), { maxLength: 2 });
  const joined = fc.oneof(
    parts.map((and): object => ({ and })),
    parts.map((or): object => ({ or })),
    filter(depth + 2).map((not): object => ({ not })),
  );
  return fc.oneof({ weight: 4, arbitrary: leaf }, ...odd, joined);
}

function scalar(name: string, place: string): fc.Arbitrary<unknown> {
  const known = fc.nat(99).map((drawn) => {
    const some = ids[kindOf(place)] ?? [];
    return some[drawn % some.length] ?? "";
  });
  switch (name) {
    case "ID":
      return fc.oneof({ weight: 8, arbitrary: known }, text);
    case "Int":
      return fc.constantFrom(0, 1, 1, 2, 2, 60, 100, -1, 10_001, 2 ** 31 - 1, -(2 ** 31));
    case "Boolean":
      return fc.boolean();
    case "DateTime":
      return fc.constantFrom(
        "2030-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-271821-04-20T00:00:00Z",
        "+275760-09-13T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
      );
    case "String":
      return string(place);
    default:
      return /\.(values|rows)$/.test(place) ? cells : json;
  }
}

/** Where a text has to have a form or to lead somewhere, it does so half of the time. */
function string(place: string): fc.Arbitrary<string | null> {
  if (place.endsWith(".after")) return fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, text);
  if (/\.columns?$|keyColumns$/.test(place)) return fc.oneof(columnName, text);
  if (!/(name|slug)$/.test(place)) return text;
  const name = fc.nat(1_000_000_000).map((drawn) => `fuzz_${drawn.toString(36)}`);
  return fc.oneof(name, columnName, text);
}

const cells = fc.dictionary(fc.oneof({ weight: 9, arbitrary: columnName }, text), json, {
  maxKeys: 4,
});

interface Drawn {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** The field and the argument. */
  readonly place: string;
}

/** A document that asks a root field and all that is in it, some levels deep, with values drawn for arguments. */
function document(operation: "query" | "mutation", field: GraphQLField<unknown, unknown>) {
  const places: Place[] = [];
  const part = partOf(field, places, 0);
  const declared = places.map(({ name, type }) => `$${name}: ${String(type)}`).join(", ");
  const query = `${operation}${declared ? ` (${declared})` : ""} { ${part} }`;
  const required = places.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
  return fc
    .record(
      Object.fromEntries(places.map(({ name, type, place }) => [name, valueOf(type, place)])),
      { requiredKeys: required },
    )
    .map((variables): Drawn => ({ query, variables }));
}

function partOf(
  { name, args, type }: GraphQLField<unknown, unknown>,
  places: Place[],
  depth: number,
): string {
  const given = args.map((arg) => {
    const variable = `v${places.length}`;
    places.push({ name: variable, type: arg.type, place: `${name}.${arg.name}` });
    return `${arg.name}: $${variable}`;
  });
  return `${name}${given.length > 0 ? `(${given.join(", ")})` : ""}${selectionOf(type, places, depth)}`;
}

function selectionOf(type: GraphQLOutputType, places: Place[], depth: number): string {
  const named = getNamedType(type);
  if (!("getFields" in named)) return "";
  if (!isObjectType(named)) return " { __typename id }";
  const fields = Object.values(named.getFields()).filter(
    (field) => depth < 3 || !("getFields" in getNamedType(field.type)),
  );
  const narrow = fields.filter(({ type: of }) => !isDeep(of) || depth < 2);
  return ` { __typename ${narrow.map((field) => partOf(field, places, depth + 1)).join(" ")} }`;
}

/** Whether a type leads to others in circles. */
function isDeep(type: GraphQLOutputType): boolean {
  return /^(Dataset|Column|Role|Key|Grant)$/.test(getNamedType(type).name);
}

const roots = (["query", "mutation"] as const).flatMap((operation) => {
  const type = operation === "query" ? schema.getQueryType() : schema.getMutationType();
  return Object.values(type?.getFields() ?? {}).map((field) => [operation, field] as const);
});

const CODES = new Set(
  "UNAUTHENTICATED FORBIDDEN NOT_FOUND BAD_USER_INPUT CONFLICT LIMIT_EXCEEDED".split(" "),
);

/** What only somebody inside would say. */
const INSIDE = [
  /\b(select|insert into|update|delete from|drop|alter) .*\b(from|set|values|table)\b/i,
  /\b(pg_|fieldgate\.|data\.[dt]_|tenant_id|t_[0-9a-f]{32}|sqlstate|prisma|constraint|relation)/i,
  /\/(work|tmp|home|usr|src|node_modules)\//,
  /\.(ts|js|mjs):\d+/,
  /\bat [\w.<>]+ \(/,
  /\b(TypeError|ReferenceError|undefined|\[object)/,
];

/** What is left of a message without what the caller had said itself, and without the type that SQL has a word for. */
function withoutEcho(message: string): string {
  return TEXTS.filter(({ length }) => length > 3).reduce(
    (past, said) => past.replaceAll(JSON.stringify(said).slice(1, -1), "").replaceAll(said, ""),
    message.replaceAll("for SELECT columns", ""),
  );
}

test.each(
  roots.map(([operation, field]) => [`${operation} ${field.name}`, operation, field] as const),
)(
  "whatever %s is asked, the answer is for the caller, and none is our fault",
  async (_name, operation, field) => {
    await fc.assert(
      fc.asyncProperty(document(operation, field), fc.nat(2), async (drawn, who) => {
        const key = keys[who] ?? null;
        const headers = key === null ? { "x-fieldgate-tenant": world.slug } : {};
        const { text: answer, errors } = await world.run(drawn.query, {
          key,
          headers,
          variables: drawn.variables,
        });
        const codes = errors.map(({ extensions }) => extensions.code ?? "none");
        expect(codes.filter((code) => !CODES.has(code))).toStrictEqual([]);
        const words = withoutEcho(errors.map(({ message }) => message).join("\n"));
        expect(INSIDE.filter((pattern) => pattern.test(words))).toStrictEqual([]);
        expect(answer.length).toBeLessThan(10_000_000);
      }),
      { numRuns: draws(20), endOnFailure: true },
    );
  },
);
