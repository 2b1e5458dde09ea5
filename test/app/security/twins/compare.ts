import type { As, Document } from "./client.ts";
import { anExport } from "./exports.ts";
import {
  aDataset,
  aFilter,
  aggregated,
  anOrder,
  aQuestion,
  fixed,
  OF_GROUP,
  ofRow,
  type Question,
} from "./grammar.ts";
import { aMutation, badDocument } from "./mutations.ts";
import { random, type Random } from "./random.ts";
import { CALLER, OF_KNOWN } from "./roles.ts";
import { askTwin, idIn, plain, type Twin, type Twins, type Who } from "./twins.ts";

/** What was asked of both twins, and where they did not answer alike. */
export interface Tally {
  documents: number;
  /** Of how many of them there was an answer besides an error. */
  answered: number;
  /** What was asked, and both answers, of each that is not alike. */
  readonly apart: string[];
}

/** Who asks each of the twins. */
export type Askers = readonly [Who, Who];

/** Asks both twins the same, drawn by a seed, until so many documents were asked. */
export async function compare(
  twins: Twins,
  { seed, documents, askers }: { seed: number; documents: number; askers: Askers },
): Promise<Tally> {
  const tally: Tally = { documents: 0, answered: 0, apart: [] };
  const drawn = random(seed);
  while (tally.documents < documents && tally.apart.length < MOST) {
    const asking: Asking = { twins, tally, askers, roles: narrowing(drawn, askers) };
    const kind = drawn.below(20);
    if (kind < 1)
      await askTogether(
        asking,
        "mutation",
        several(4, () => anExport(drawn)),
      );
    else if (kind < 10)
      await askTogether(
        asking,
        "query",
        several(25, () => aQuestion(drawn)),
      );
    else if (kind < 13) await turnPages(asking, drawn);
    else if (kind < 19)
      await askTogether(
        asking,
        "mutation",
        several(8, () => aMutation(drawn)),
      );
    else await askBoth(asking, () => ({ query: badDocument(drawn), variables: {} }), 1);
  }
  return tally;
}

/** How many disagreements are enough. */
const MOST = 20;

const several = <Item>(count: number, make: () => Item): Item[] =>
  Array.from({ length: count }, make);

interface Asking {
  readonly twins: Twins;
  readonly tally: Tally;
  readonly askers: Askers;
  readonly roles: As["roles"];
}

/** Who holds the roles by which one sees what is known of one. */
const OF_KNOWN_ALONE: ReadonlySet<Who> = new Set(["user", "jwt", "token"]);

/** Now and then only some of the roles are in effect, with the one to call methods by. */
function narrowing(drawn: Random, [who]: Askers): As["roles"] {
  if (drawn.chance(0.7)) return null;
  const [methods, ...roles] = OF_KNOWN_ALONE.has(who) ? OF_KNOWN : CALLER.map(({ name }) => name);
  return [methods ?? "", ...drawn.some(roles, 0.6), ...(drawn.chance(0.05) ? ["nobody"] : [])];
}

/** One document of many root fields, each of which counts as a document. */
function documentOf(
  operation: "query" | "mutation",
  questions: readonly Question[],
  twin: Twin,
): Document {
  const id = (name: string, kind?: string) => idIn(twin, name, kind);
  const parts = questions.map(({ field, variables }, index) => {
    const named = Object.entries(variables).map(([name, { type, value }]) => ({
      declared: `$${name}${index}: ${type}`,
      given: [`${name}${index}`, value(id)] as const,
    }));
    return { field: `q${index}: ${field((name) => `$${name}${index}`)}`, named };
  });
  const named = parts.flatMap((part) => part.named);
  const declared = named.map((each) => each.declared).join(", ");
  return {
    query: `${operation}${declared ? ` (${declared})` : ""} {\n${parts.map(({ field }) => field).join("\n")}\n}`,
    variables: Object.fromEntries(named.map(({ given }) => given)),
    files: Object.fromEntries(
      questions.flatMap(({ file }, index) => (file === undefined ? [] : [[`q${index}`, file]])),
    ),
  };
}

async function askTogether(
  asking: Asking,
  operation: "query" | "mutation",
  questions: readonly Question[],
): Promise<void> {
  await askBoth(asking, (twin) => documentOf(operation, questions, twin), questions.length);
}

/** Asks each twin its document, and notes where the answers are not alike. @returns What they sent. */
async function askBoth(
  { twins, tally, askers, roles }: Asking,
  documentFor: (twin: Twin) => Document,
  documents: number,
): Promise<[string, string]> {
  const [one, other] = twins.pair;
  const document = documentFor(one);
  const first = await askTwin(twins, one, [askers[0], roles], document);
  const { variables } = documentFor(other);
  const second = await askTwin(twins, other, [askers[1], roles], { ...document, variables });
  const [said, alsoSaid] = [plain(first, one), plain(second, other)];
  tally.documents += documents;
  tally.answered += answeredIn(first.text);
  if (said !== alsoSaid) {
    tally.apart.push(disagreement(document, said, alsoSaid));
  }
  return [first.text, second.text];
}

/** Of how many root fields there is an answer. */
function answeredIn(text: string): number {
  const { data } = JSON.parse(text) as { data?: Readonly<Record<string, unknown>> | null };
  return Object.values(data ?? {}).filter((value) => value !== null).length;
}

/** Where two answers part, with what stands around it, and what was asked there. */
function disagreement({ query, variables }: Document, one: string, other: string): string {
  let at = 0;
  while (one[at] === other[at]) at += 1;
  const around = (text: string) => text.slice(Math.max(0, at - 200), at + 200);
  const alias = /.*"q(\d+)\\?"/s.exec(one.slice(0, at))?.[1] ?? "";
  const asked = query.split("\n").find((line) => line.startsWith(`q${alias}:`)) ?? query;
  const given = Object.entries(variables).filter(([name]) => name.endsWith(alias));
  const values = JSON.stringify(Object.fromEntries(given)).slice(0, 1_000);
  return `${asked}\n${values}\n${around(one)}\n${around(other)}`;
}

/** Turns the pages of some lists at once, each by the cursors that it gives; now and then by another's. */
async function turnPages(asking: Asking, drawn: Random): Promise<void> {
  const lists = several(12, () => {
    const dataset = aDataset(drawn);
    const some = {
      dataset,
      filter: drawn.chance(0.6) ? aFilter(dataset, drawn) : null,
      first: 1 + drawn.below(4),
    };
    return drawn.chance(0.3)
      ? { ...some, computed: aggregated(dataset, drawn), node: OF_GROUP }
      : { ...some, orderBy: anOrder(dataset, drawn), node: ofRow(drawn, dataset) };
  });
  let after: [Cursors, Cursors] = [new Map(), new Map()];
  for (let turn = 0; turn < 4; turn += 1) {
    const of = lists.map((_list, index) =>
      drawn.chance(0.05) ? drawn.below(lists.length) : index,
    );
    const cursors = after;
    const [one] = asking.twins.pair;
    const sent = await askBoth(
      asking,
      (twin) => {
        const given = cursors[twin === one ? 0 : 1];
        return documentOf(
          "query",
          lists.map((list, index) => pageOf(list, given.get(of[index] ?? 0))),
          twin,
        );
      },
      lists.length,
    );
    after = [cursorsIn(sent[0], lists.length), cursorsIn(sent[1], lists.length)];
  }
}

type Cursors = ReadonlyMap<number, string>;

/** A list of rows in an order, or of groups by what is computed of them. */
interface List {
  readonly dataset: string;
  /** What is asked of each in it. */
  readonly node: string;
  readonly filter: object | null;
  readonly orderBy?: readonly object[];
  readonly computed?: string;
  readonly first: number;
}

function pageOf(
  { dataset, node, filter, orderBy, computed, first }: List,
  after: string | undefined,
): Question {
  const list = (name: (of: string) => string) =>
    orderBy ? `rows(orderBy: ${name("orderBy")}` : `aggregate(${computed}`;
  return {
    field: (name) =>
      `dataset(name: "${dataset}") { list: ${list(name)}, filter: ${name("filter")}, first: ${first},
      after: ${name("after")}) { totalCount pageInfo { hasNextPage } edges { cursor node { ${node} } } } }`.replaceAll(
        /\s+/g,
        " ",
      ),
    variables: {
      filter: fixed("RowFilter", filter),
      ...(orderBy && { orderBy: fixed("[RowOrder!]", orderBy) }),
      after: fixed("String", after ?? null),
    },
  };
}

/** The last cursor of each list of an answer. */
function cursorsIn(text: string, lists: number): Cursors {
  interface Answered {
    readonly data?: Readonly<
      Record<string, { list: { edges: { cursor: string }[] } | null } | null>
    > | null;
  }
  const { data } = JSON.parse(text) as Answered;
  const cursors = several(lists, () => 0).map((_none, index) => {
    const edge = data?.[`q${index}`]?.list?.edges.at(-1);
    return [index, edge?.cursor] as const;
  });
  return new Map(cursors.filter((entry): entry is [number, string] => entry[1] !== undefined));
}
