import { encodeId } from "../db/id.ts";
import { ProviderUnavailableError } from "../graphql/errors.ts";
import { refused } from "../identity/caller.ts";
import {
  CredentialError,
  type OutsideUser,
  type PresentedJwt,
  type RefusalReason,
} from "../identity/credential.ts";
import { IssuerUnavailableError } from "../identity/jwt/issuer-keys.ts";
import type { OutsideIdentity } from "../identity/jwt/outside-identity.ts";
import type { OutsideVerifier } from "../identity/jwt/outside-verifier.ts";
import { keptUser, type WritingParts } from "./kept-user.ts";
import { knownOutside, type Trust } from "./known-outside.ts";

/** What JWTs are proved with. */
export interface ProvingParts extends WritingParts {
  readonly verifier: OutsideVerifier;
}

/**
 * Proves the JWT of an outside identity provider that the tenant trusts, and finds or registers its user.
 *
 * The keys of the issuer may have to be fetched: no transaction waits for that. Nothing is fetched for an issuer that
 * the tenant does not trust.
 *
 * @throws {CredentialError} for a JWT that proves nothing, and for one of a deleted user.
 * @throws {IssuerDownError} where the keys of the issuer are out of reach.
 */
export async function proveOutside(
  jwt: PresentedJwt,
  tenantSlug: string | null,
  parts: ProvingParts,
): Promise<OutsideUser> {
  const known = await knownOutside(jwt, tenantSlug, parts.database);
  if (!known) throw refused(null);
  const { tenantId, trust, user } = known;
  const refuse = (reason: RefusalReason, target: string | null = null) =>
    refused({ tenantId, target, reason });
  if (!trust) throw refuse(known.isIssuerTrusted ? "JWT_AUDIENCE" : "JWT_ISSUER");
  const identity = await verify(jwt, { trust, tenantId }, parts);
  if (user?.isDeleted) throw refuse("DELETED", encodeId("User", user.id));
  const userId = await keptUser({ jwt, known, trust, identity }, parts);
  const { roles, expiresAt } = identity;
  return { tenantId, userId, claimed: { roles, until: expiresAt, by: trust.revision } };
}

/** The keys of an issuer are out of reach: the caller is told of that, and the tenant that a JWT was not accepted. */
export class IssuerDownError extends CredentialError {
  readonly told: ProviderUnavailableError;

  constructor(tenantId: string, cause: IssuerUnavailableError) {
    super("The keys of the issuer are out of reach.", {
      tenantId,
      target: null,
      reason: "JWT_UNAVAILABLE",
    });
    this.told = new ProviderUnavailableError(cause);
  }
}

async function verify(
  { text }: PresentedJwt,
  { trust, tenantId }: { readonly trust: Trust; readonly tenantId: string },
  { verifier }: ProvingParts,
): Promise<OutsideIdentity> {
  try {
    const verdict = await verifier.verify(text, trust);
    if (!("fault" in verdict)) return verdict;
    throw refused({ tenantId, target: null, reason: `JWT_${verdict.fault}` });
  } catch (error) {
    throw error instanceof IssuerUnavailableError ? new IssuerDownError(tenantId, error) : error;
  }
}
