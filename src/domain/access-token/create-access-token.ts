import sql from "sql-template-tag";
import { signatureOf } from "../../authz/principal.ts";
import type { Condition } from "../../authz/restriction.ts";
import { keepDefinitions } from "../../db/dataset-storage.ts";
import { decodeId, encodeId, newUuid } from "../../db/id.ts";
import { requireDataset } from "../../access/known-dataset.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { ForbiddenError } from "../../graphql/forbidden-error.ts";
import { refuseFaults, storedText } from "../../graphql/input-text.ts";
import { accessTokenTexts } from "../../identity/secret/secret-texts.ts";
import { type NewAccessToken, secondsOf, tokenFaults } from "./access-token-inputs.ts";
import { pruneTokens } from "./prune-tokens.ts";
import { tokenConditions } from "./token-conditions.ts";

/** A token that was made: the only time that its text is at hand. */
export interface MadeToken {
  readonly tokenId: string;
  readonly secret: string;
}

/**
 * Makes a token of the key that asks.
 *
 * It hands out no more than the key holds: the token names roles of the key and has no rights of its own. Whenever it is
 * presented, these are read anew from the roles that the key holds by then.
 *
 * @throws {ForbiddenError} for whoever asks without a key.
 */
export async function createAccessToken(
  context: Context,
  input: NewAccessToken,
): Promise<MadeToken> {
  const { tenant, rights, transaction, now } = context;
  const keyId = decodeId("Key", rights.principal.id ?? "");
  if (!tenant || keyId === null) {
    const lacking = { gate: "RESTRICTION", name: "key" } as const;
    throw new ForbiddenError(rights, lacking, "only a key makes access tokens, and ");
  }
  refuseFaults(tokenFaults(input));
  const roleIds = carriedRoles(context, input.roleIds ?? null);
  const reach = await reachOf(context, tenant.id, input);
  await pruneTokens(transaction, tenant.id, now);
  const tokenId = newUuid();
  const { text, hash } = accessTokenTexts.create({ tenantId: tenant.id, id: tokenId });
  const { idle, life } = secondsOf(input);
  await transaction.query(sql`
    INSERT INTO access_token (tenant_id, id, key_id, secret_hash, binding, role_ids, conditions, dataset_ids,
                              client_id, client_name, idle_seconds, created_at, created_by, expires_at)
    VALUES (${tenant.id}::uuid, ${tokenId}::uuid, ${keyId}::uuid, ${hash}, ${input.binding}::token_binding,
            ${roleIds}::uuid[], ${reach && JSON.stringify(reach.conditions)}::jsonb,
            ${reach && reach.datasetIds}::uuid[], ${stored(input.clientId)}, ${stored(input.clientName)}, ${idle},
            ${now}, ${signatureOf(rights.principal)}, ${new Date(now.getTime() + life * 1_000)})`);
  context.nameTarget(encodeId("AccessToken", tokenId));
  return { tokenId, secret: text };
}

function stored(text: string | null | undefined): string | null {
  return typeof text === "string" ? storedText(text) : null;
}

/**
 * The UUIDs of the roles that a token carries; null: those of its key, whichever these are.
 *
 * @throws {NotFoundError} for a role that is not in effect, as for one that does not exist.
 */
function carriedRoles(
  { rights: { roles }, narrowedTo }: Context,
  named: readonly string[] | null,
): string[] | null {
  if (named === null) return narrowedTo === null ? null : roles.map(({ id }) => id);
  const ids = named.map((each) => decodeId("Role", each));
  return [...new Set(ids)].map((id) => {
    const role = roles.find((each) => each.id === id);
    if (!role) throw new NotFoundError("role");
    return role.id;
  });
}

/** What a token is restricted to, as it is kept. */
interface KeptReach {
  readonly conditions: readonly Condition[];
  readonly datasetIds: readonly string[];
}

/** Null: nothing restricts it besides its roles. */
async function reachOf(
  context: Context,
  tenantId: string,
  { conditions, datasetIds }: NewAccessToken,
): Promise<KeptReach | null> {
  const inputs = conditions ?? [];
  if (inputs.length === 0 && !datasetIds) return null;
  const named = inputs.flatMap(({ datasetId }) => decodeId("Dataset", datasetId) ?? []);
  await keepDefinitions(context.transaction, tenantId, named);
  const listed: string[] = [];
  for (const id of datasetIds ?? []) {
    const { definition } = await requireDataset(context, id);
    listed.push(definition.id);
  }
  return { conditions: await tokenConditions(context, inputs), datasetIds: [...new Set(listed)] };
}
