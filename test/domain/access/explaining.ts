import type { World } from "../../support/world.ts";

/** One step of an explanation, as it is answered. */
export interface Step {
  readonly gate: string;
  readonly name: string;
  readonly passed: boolean | null;
  readonly text: string;
  readonly roleName: string | null;
  readonly role: { readonly name: string } | null;
  readonly source: string | null;
  readonly grant: { readonly id: string; readonly column: { readonly name: string } | null } | null;
  readonly rowFilter: object | null;
}

/** An explanation, as it is answered. */
export interface Explanation {
  readonly allowed: boolean | null;
  readonly why: string;
  readonly missing: { readonly gate: string; readonly name: string } | null;
  readonly steps: readonly Step[];
}

const EXPLANATION = `{ allowed why missing { gate name } steps {
  gate name passed text roleName role { name } source
  grant { id ... on Grant { column { name } } } rowFilter } }`;

export const OF_ANOTHER = `query ($subject: AccessSubject, $object: AccessObject!, $action: Action) {
  explainAccess(subject: $subject, object: $object, action: $action) ${EXPLANATION} }`;

export const OF_ONESELF = `query ($object: AccessObject!, $action: Action) {
  viewer { explainAccess(object: $object, action: $action) ${EXPLANATION} } }`;

/** What is asked; the subject is the caller where it is left out. */
export interface Question {
  readonly subject?: object;
  readonly object: object;
  readonly action?: string;
}

/** What a caller, such as the administrator, is told of a subject. */
export async function explained(world: World, question: Question, key = world.admin) {
  const { explainAccess } = await world.ask<{ explainAccess: Explanation | null }>(OF_ANOTHER, {
    key,
    variables: { ...question },
  });
  return explainAccess;
}

/** What a caller is told of itself. */
export async function explainedToItself(
  world: World,
  question: Question,
  { key, headers = {} }: { key: string | null; headers?: Record<string, string> },
) {
  const { viewer } = await world.ask<{ viewer: { explainAccess: Explanation | null } }>(
    OF_ONESELF,
    { key, headers, variables: { ...question } },
  );
  return viewer.explainAccess;
}

/** The steps of one right or permission, each with its role and whether it is passed. */
export function stepsAt(explanation: Explanation | null, name: string) {
  return (explanation?.steps ?? []).filter((step) => step.name === name);
}
