import type { Figure, Reach } from "../figure.ts";
import { inTurn } from "../in-turn.ts";
import { inRounds, type Spread, type Subject } from "../measure.ts";
import { exchange, type HttpRequest } from "../requests/exchange.ts";
import type { Plan } from "../requests/scene.ts";
import { shown, table } from "../table.ts";
import { summary } from "./latency.ts";

/** The same work, done by what it is compared with and by Fieldgate. */
export interface Pair {
  readonly work: string;
  readonly baseline: Subject;
  readonly subject: Subject;
  readonly reach: Reach;
}

/** A question to one side, and its answer in normal form. */
export interface Question {
  readonly name: string;
  readonly request: HttpRequest;
  readonly answerOf: (body: string) => unknown;
}

/**
 * Makes two sides of a question something to time, once it is certain that they answer alike.
 *
 * @throws {Error} with the two answers, if they are not.
 */
export async function alike(one: Question, other: Question): Promise<readonly [Subject, Subject]> {
  const answers = await inTurn([one, other], async ({ request, answerOf }) => {
    const { body } = await exchange(request);
    return JSON.stringify(answerOf(body.toString()));
  });
  const [first = "", second = ""] = answers;
  if (first !== second || first === "[]") {
    throw new Error(
      `${one.name} answers ${first.slice(0, 300)}, and ${other.name} ${second.slice(0, 300)}`,
    );
  }
  return [asSubject(one), asSubject(other)];
}

const asSubject = ({ name, request }: Question): Subject => ({
  name,
  run: async () => (await exchange(request)).ms,
});

/** Times pairs, one after another, and the two of each in turns. */
export async function compared(
  title: string,
  pairs: readonly Pair[],
  { effort, warmUp, say }: Plan,
): Promise<Figure> {
  const found = await inTurn(pairs, async ({ work, baseline, subject, reach }) => {
    say(`${work}: warming up`);
    await inRounds([baseline, subject], warmUp);
    const rounds = await inRounds([baseline, subject], effort, (round) =>
      say(`${work}: round ${round} of ${effort.rounds}`),
    );
    const { milliseconds, times } = summary(rounds);
    const measured = times(subject.name, baseline.name);
    return { milliseconds, baseline, subject, finding: { work, measured, unit: " ×", reach } };
  });
  return {
    title,
    text: table(
      ["work", "compared with", "ms", "Fieldgate, ms", "×"],
      found.map(({ milliseconds, baseline, subject, finding }) => [
        finding.work,
        baseline.name,
        ms(milliseconds, baseline),
        ms(milliseconds, subject),
        shown(finding.measured),
      ]),
    ),
    findings: found.map(({ finding }) => finding),
  };
}

function ms(taken: ReadonlyMap<string, Spread>, { name }: Subject): string {
  const one = taken.get(name);
  return one ? shown(one) : "";
}
