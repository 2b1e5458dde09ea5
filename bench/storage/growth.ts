import { stores, type Store } from "./crowd.ts";
import { member } from "./database.ts";
import { chosen } from "./shapes.ts";
import { inTurn, range } from "../in-turn.ts";
import { interleave, ratio, spread, type Effort, type Samples, type Spread } from "../measure.ts";
import { ask, connect, write, type Session, type Statement } from "./session.ts";

/** What a piece of work takes alone (milliseconds) and with 1,000 further datasets (multiples). */
export interface Growth {
  readonly store: string;
  readonly work: string;
  readonly alone: Spread;
  readonly crowded: Spread;
}

/** The multiple within which the chosen shape must stay. */
export const limit = 1.1;

interface Work {
  readonly name: string;
  readonly effort: Effort;
  /** Makes the work for a database and a connection to it; it answers with its milliseconds. */
  readonly at: (place: Place, store: Store) => () => Promise<number>;
}

/** One of the two databases, by its address, and a connection to it. */
interface Place {
  readonly url: string;
  readonly session: Session;
}

const often: Effort = { rounds: 6, turns: 12, patience: 60 };
const seldom: Effort = { rounds: 3, turns: 3, patience: 120 };

/** How often all is done on a new pair of connections: a single pair can be lucky. */
const pairs = 10;

const page = (source: string): Statement => ({
  role: member,
  values: ["500000", "01920000-0000-7000-a000-000000000000"],
  sql: `select id, c1, c4 from ${source} r where (c1, id) > ($1::bigint, $2::uuid)
    order by c1, id limit 50`,
});

async function planning(session: Session, statement: Statement): Promise<number> {
  const explained = { ...statement, sql: `explain (summary, format json) ${statement.sql}` };
  const { rows } = await ask(session, explained);
  return Number(/"Planning Time": ([\d.]+)/.exec(String(rows[0]?.[0]))?.[1]);
}

async function onFreshConnection(url: string, statement: Statement): Promise<number> {
  const session = await connect(url);
  try {
    return (await ask(session, statement)).ms;
  } finally {
    await session.close();
  }
}

function inserting({ url, session }: Place, sql: string, count: number): () => Promise<number> {
  return () => {
    const first = nextRow.get(url) ?? 10_000_000;
    nextRow.set(url, first + count);
    return write(session, { role: member, sql, values: [`${first}`, `${first + count - 1}`] });
  };
}

/** The number of the next row to insert, by database: both are given the same rows. */
const nextRow = new Map<string, number>();

const works: readonly Work[] = [
  {
    name: "planning a keyset page",
    effort: often,
    at:
      ({ session }, { source }) =>
      () =>
        planning(session, page(source)),
  },
  {
    name: "that page, warm connection",
    effort: often,
    at:
      ({ session }, { source }) =>
      async () =>
        (await ask(session, page(source))).ms,
  },
  {
    name: "that page, fresh connection",
    effort: seldom,
    at:
      ({ url }, { source }) =>
      () =>
        onFreshConnection(url, page(source)),
  },
  {
    name: "insert 1 row",
    effort: often,
    at: (place, { insert }) => inserting(place, insert, 1),
  },
  {
    name: "insert 1,000 rows",
    effort: seldom,
    at: (place, { insert }) => inserting(place, insert, 1000),
  },
];

/** Does all work in both databases, given by their addresses, in turns. */
export async function grow(alone: string, crowded: string): Promise<readonly Growth[]> {
  const all = stores.flatMap((store) => works.map((work) => ({ store, work })));
  return inTurn(all, async ({ store, work }) => {
    const samples = await inTurn(range(1, pairs), () => onNewPair([alone, crowded], work, store));
    const before = samples.flatMap((taken) => taken.get(alone) ?? []);
    const after = samples.flatMap((taken) => taken.get(crowded) ?? []);
    return {
      store: store.name,
      work: work.name,
      alone: spread(before),
      crowded: ratio(after, before),
    };
  });
}

async function onNewPair(urls: readonly string[], work: Work, store: Store): Promise<Samples> {
  const places = await inTurn(urls, async (url) => ({ url, session: await connect(url) }));
  try {
    const subjects = places.map((place) => ({ name: place.url, run: work.at(place, store) }));
    return await interleave(subjects, work.effort);
  } finally {
    await inTurn(places, ({ session }) => session.close());
  }
}

/** The work that the crowd slows beyond the limit under the chosen shape. */
export const slowed = (growths: readonly Growth[]): readonly string[] =>
  growths
    .filter(({ store, crowded }) => store === chosen && !(crowded.mid <= limit))
    .map(({ work }) => `${work}: slowed by more than a tenth by 1,000 further datasets`);
