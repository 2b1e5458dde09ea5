import type { GraphQLError } from "graphql";
import type { Rights } from "../authz/rights.ts";
import type { Happening } from "../events/event.ts";
import { denialOf, denialsOf, type Executed } from "./denials.ts";
import { type PublicError, UnauthenticatedError, WrongPasswordError } from "./errors.ts";
import { ForbiddenError } from "./forbidden-error.ts";
import type { Method } from "./caller-transaction.ts";

/**
 * What a request has to have written to the log when it is done, by who did it: its caller, or whom it proved at the
 * front door of a tenant.
 */
export class Notes {
  readonly #byDoer = new Map<Rights, Happening[]>();
  readonly #noted = new Set<string>();
  /** Errors of mutations, of which it was noted by whom. */
  readonly #told = new Set<unknown>();
  /** Who does what is done at the moment; null where nobody was proved. */
  #doer: Rights | null = null;
  /** As whom the credential of the request acted last; null where it proved nobody. */
  #caller: Rights | null = null;

  get byDoer(): ReadonlyMap<Rights, readonly Happening[]> {
    return this.#byDoer;
  }

  /** Has what follows be the doing of nobody: somebody is to be proved. */
  forgetDoer(): void {
    this.#doer = null;
  }

  /** Has what follows be somebody's doing. */
  enter(doer: Rights, isByCredential: boolean): void {
    this.#doer = doer;
    if (isByCredential) this.#caller = doer;
  }

  /** Something that happened. */
  add(happening: Happening): void {
    if (this.#doer) this.#addTo(this.#doer, happening);
  }

  /** Once, that something was read. */
  addRead(name: string, target: string): void {
    this.#addOnce(this.#doer, { name, outcome: "ALLOWED", target, reason: null });
  }

  /** Once, that a part of a method was denied whose other parts were done. */
  addDenied(name: string, target: string, reason: string): void {
    this.#addOnce(this.#doer, { name, outcome: "DENIED", target, reason });
  }

  /** That a mutation failed. Of whoever could not even enter it is told elsewhere that nothing was proved. */
  addFailure({ permission, target }: Method, error: PublicError | null): void {
    this.#told.add(error);
    if (error instanceof ForbiddenError) {
      this.#addOnce(this.#doer, denialOf(error.missing, permission));
      return;
    }
    const reason = error?.code ?? "INTERNAL";
    const isTold = error instanceof UnauthenticatedError || error instanceof WrongPasswordError;
    const told = isTold ? error.told : null;
    this.add({ name: permission, outcome: "FAILED", target, reason, ...told });
  }

  /** Once each, what the caller was denied by the errors of an answer, but for mutations of which it was noted. */
  addDenials(executed: Executed, errors: readonly GraphQLError[]): void {
    const others = errors.filter(({ originalError }) => !this.#told.has(originalError));
    for (const denial of denialsOf(executed, others)) this.#addOnce(this.#caller, denial);
  }

  #addOnce(doer: Rights | null, happening: Happening): void {
    if (!doer) return;
    const { tenantId, kind, id } = doer.principal;
    const { name, outcome, target } = happening;
    const key = JSON.stringify([tenantId, kind, id, name, outcome, target]);
    if (this.#noted.has(key)) return;
    this.#noted.add(key);
    this.#addTo(doer, happening);
  }

  #addTo(doer: Rights, happening: Happening): void {
    this.#byDoer.set(doer, [...(this.#byDoer.get(doer) ?? []), happening]);
  }
}
