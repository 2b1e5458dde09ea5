import { GraphQLError, type GraphQLErrorExtensions } from "graphql";
import type { Happening } from "../events/event.ts";
import { failureOf, type Failure } from "../db/errors.ts";

/** Every code that an error of the API can carry. */
export type ErrorCode =
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "BAD_USER_INPUT"
  | "CONFLICT"
  | "RATE_LIMITED"
  | "LIMIT_EXCEEDED"
  | "UNAVAILABLE"
  | "INTERNAL";

/**
 * An error that the caller is meant to see.
 *
 * Every other error is masked before it leaves the process, so that a class of this family is the only
 * way out for a message. What went wrong inside belongs in `cause`, which is logged and never sent; not
 * in `originalError`, which would have the error masked.
 */
export abstract class PublicError extends GraphQLError {
  readonly code: ErrorCode;

  protected constructor(message: string, code: ErrorCode, extensions?: GraphQLErrorExtensions) {
    super(message, { extensions: { ...extensions, code } });
    this.code = code;
    this.name = new.target.name;
  }
}

/** What was presented proves nobody. The words never tell what was wrong with it. */
export class UnauthenticatedError extends PublicError {
  /** What the log is told of it; null: that is told elsewhere. */
  readonly told: Pick<Happening, "target" | "reason"> | null = null;

  constructor(cause?: unknown) {
    super(
      "The credential was not accepted. Send one API key, session, access token or JWT of a trusted issuer, complete and unexpired, as Authorization: Bearer, as Authorization: DPoP with a proof or, but for a JWT, as X-API-Key; and as X-Fieldgate-Tenant, which only a JWT needs where there are several tenants, no other than its own.",
      "UNAUTHENTICATED",
      { http: { status: 401 } },
    );
    this.cause = cause;
  }
}

/** What login and registration present of a tenant proves none. */
export class FrontDoorError extends UnauthenticatedError {
  constructor(cause: unknown) {
    super(cause);
    this.message =
      "The system key or secret was not accepted. Send both as rollSystemSecret answered them, X-Fieldgate-Tenant, if at all, as their tenant's, and no key or other credential besides.";
  }
}

/** An email and a password that are not those of a user, whichever of them is wrong. */
export class LoginRefusedError extends UnauthenticatedError {
  override readonly told: Pick<Happening, "target" | "reason">;

  constructor(told: Pick<Happening, "target" | "reason">) {
    super();
    this.message =
      "Unknown email or wrong password. Check both, or have a new password set by requestPasswordReset.";
    this.told = told;
  }
}

/** A password that was to be proved besides, by somebody who is known already, and is another. */
export class WrongPasswordError extends PublicError {
  readonly told: Pick<Happening, "target" | "reason">;

  constructor(message: string, target: string) {
    super(message, "BAD_USER_INPUT");
    this.told = { target, reason: "WRONG_SECRET" };
  }
}

/** More attempts than are allowed in a while. */
export class RateLimitedError extends PublicError {
  constructor(message: string) {
    super(message, "RATE_LIMITED");
  }
}

/** What an argument names does not exist for the caller, for whatever reason. */
export class NotFoundError extends PublicError {
  constructor(what: string, advice = "Check the id and the key that you asked with.") {
    super(`No such ${what}. ${advice}`, "NOT_FOUND");
  }
}

/** The request is wrong in itself; sending it again will not help. */
export class InputError extends PublicError {
  constructor(message: string, extensions?: GraphQLErrorExtensions) {
    super(message, "BAD_USER_INPUT", extensions);
  }
}

/** The state of things is in the way; a changed request, or a later one, may succeed. */
export class ConflictError extends PublicError {
  constructor(message: string, extensions?: GraphQLErrorExtensions) {
    super(message, "CONFLICT", extensions);
  }
}

/** Another transaction changed meanwhile what this one went by: it is done again as a whole, a few times. */
export class MovedError extends ConflictError {
  constructor(what: string) {
    super(`${what} while this was done. Try again.`);
  }
}

/** More was asked for than one request may have. */
export class LimitError extends PublicError {
  constructor(message: string) {
    super(message, "LIMIT_EXCEEDED");
  }
}

/** Something that the answer needs is out of reach for the moment. */
export class UnavailableError extends PublicError {
  constructor(cause?: unknown) {
    super(
      "The server is busy, or its database out of reach. Try again in a moment.",
      "UNAVAILABLE",
    );
    this.cause = cause;
  }
}

/** The keys by which the credential would be proved are out of reach, so that nothing can be said of it. */
export class ProviderUnavailableError extends PublicError {
  constructor(cause: unknown) {
    super(
      "The identity provider that issued the credential is out of reach. Try again in a moment.",
      "UNAVAILABLE",
    );
    this.cause = cause;
  }
}

const BY_FAILURE: Readonly<Record<Failure, ((cause: unknown) => PublicError) | null>> = {
  RETRY: (cause) => new UnavailableError(cause),
  UNAVAILABLE: (cause) => new UnavailableError(cause),
  DUPLICATE: (cause) =>
    withCause(new ConflictError("A value that must be unique is taken."), cause),
  REFERENCE: (cause) =>
    withCause(new ConflictError("Something that this refers to was changed meanwhile."), cause),
  CONVERSION: (cause) => withCause(new InputError("A value does not fit its column."), cause),
  TOO_LARGE: () =>
    new LimitError("The answer would be larger than 64 MiB. Ask for fewer rows or fewer columns."),
  DENIED: null,
};

/** The public form of an error of the database; null where it is nobody's business outside. */
export function publicErrorOf(error: unknown): PublicError | null {
  if (error instanceof PublicError) return error;
  const failure = failureOf(error);
  return failure === null ? null : (BY_FAILURE[failure]?.(error) ?? null);
}

function withCause(error: PublicError, cause: unknown): PublicError {
  error.cause = cause;
  return error;
}
