import { createTenant } from "../../../src/domain/tenant/create-tenant.ts";
import { migrate } from "../../../src/db/migrate.ts";
import type { Place } from "../cli/place.ts";

/** A database with one tenant, about to have its processes killed. */
export interface Scene {
  readonly place: Place;
  readonly tenantId: string;
  /** The text of the tenant's administrator key. */
  readonly key: string;
}

/** What one kill did. */
export interface Kill {
  /** Whether something was being written at that moment. */
  readonly wasAmid: boolean;
  /** Whether what was being written is there. */
  readonly isThere: boolean;
}

/** A way to be killed, again and again, on one scene. */
export interface Victim {
  readonly name: string;
  /** Kills once and looks at what is left. Fails with what is not whole. */
  readonly once: () => Promise<Kill>;
  /** Looks at everything once more, and lets go. */
  readonly end: () => Promise<void>;
}

/** Makes the tenant. */
export async function aScene(place: Place): Promise<Scene> {
  const database = await place.reach();
  try {
    await migrate(database);
    const { tenantId, key } = await createTenant(database, { slug: "whole" });
    return { place, tenantId, key };
  } finally {
    await database.close();
  }
}

/** A moment of a span of milliseconds, any as likely as another. */
export function momentOf(span: number, { from, to }: { from: number; to: number }): number {
  return span * (from + Math.random() * (to - from));
}

/** @throws what should have been true. */
export function hold(isTrue: boolean, rule: string): void {
  if (!isTrue) throw new Error(`Not true: ${rule}`);
}
