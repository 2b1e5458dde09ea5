import { createHash } from "node:crypto";
import { inTurn } from "../in-turn.ts";
import { baseline, chosen, type Shape } from "./shapes.ts";
import { interleave, ratio, spread, type Effort, type Spread } from "../measure.ts";
import { questions, type Middle, type Question } from "./questions.ts";
import { ask, type Session, type Statement } from "./session.ts";

/** How one question was answered: the baseline in milliseconds, the shapes as multiples of it. */
export interface Finding {
  readonly question: Question;
  readonly baseline: Spread;
  readonly ratios: ReadonlyMap<string, Spread>;
}

/** The multiple of the baseline within which a limited question must be answered. */
export const limit = 3;

const effort: Effort = { rounds: 9, turns: 8, patience: 60 };

/** Builds every shape and leaves its statistics and visibility map up to date. */
export async function build(session: Session, shapes: readonly Shape[]): Promise<void> {
  await inTurn(shapes, async (shape) => {
    const start = performance.now();
    await inTurn(shape.build, (statement) => session.script(statement));
    console.error(`  built ${shape.name} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  });
  await session.script("reset role");
  await session.script("vacuum (analyze)");
  await session.script("checkpoint");
}

/** Asks every shape every question, in turns, and checks that all answer alike. */
export async function compare(
  session: Session,
  shapes: readonly Shape[],
): Promise<readonly Finding[]> {
  const asked = questions(await middle(session));
  return inTurn(asked, async (question) => {
    const answers = new Set<string>();
    const subjects = shapes.flatMap((shape) => {
      const sql = shape.ask(question);
      if (sql === undefined) return [];
      const statement = { role: shape.role, sql, values: question.values };
      return [{ name: shape.name, run: () => timed(session, statement, answers) }];
    });
    const samples = await interleave(subjects, effort);
    if (answers.size > 1) throw new Error(`the shapes differ on "${question.name}"`);
    const base = samples.get(baseline) ?? [];
    const ratios = new Map([...samples].map(([name, taken]) => [name, ratio(taken, base)]));
    return { question, baseline: spread(base), ratios };
  });
}

async function timed(
  session: Session,
  statement: Statement,
  answers: Set<string>,
): Promise<number> {
  const { rows, ms } = await ask(session, statement);
  const sorted = rows.map((row) => row.join()).toSorted();
  answers.add(createHash("sha256").update(sorted.join("\n")).digest("hex"));
  return ms;
}

/** The questions for which the chosen shape misses the limit. */
export const missed = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(
      ({ question, ratios }) => question.limited && !((ratios.get(chosen)?.mid ?? NaN) <= limit),
    )
    .map(({ question }) => `${question.name}: more than ${limit} × the baseline`);

async function middle(session: Session): Promise<Middle> {
  const [row] = await session.rows(`
    select c1, id from data.plain order by c1, id
    offset (select count(*) / 2 from data.plain) limit 1`);
  return { value: String(row?.[0]), id: String(row?.[1]) };
}
