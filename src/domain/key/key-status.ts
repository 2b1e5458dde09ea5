import type { ApiKey } from "../../db/generated/client.ts";

/** Whether a key is accepted. */
export type KeyStatus = "ACTIVE" | "EXPIRED" | "REVOKED";

/** What a key is at this moment. */
export function keyStatus({ revokedAt, expiresAt }: ApiKey, now: Date): KeyStatus {
  if (revokedAt) return "REVOKED";
  return expiresAt && expiresAt <= now ? "EXPIRED" : "ACTIVE";
}

/** The condition on stored keys under which they are of this status: the rule above, for Prisma. */
export function whereStatus(status: KeyStatus, now: Date) {
  switch (status) {
    case "REVOKED":
      return { revokedAt: { not: null } };
    case "EXPIRED":
      return { revokedAt: null, expiresAt: { lte: now } };
    case "ACTIVE":
      return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  }
}
