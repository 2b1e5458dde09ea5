import { aCookie, type Asking, type World as Tenant } from "../support/world.ts";
import { at, callEach } from "./call-each.ts";
import type { Caller, World } from "./model.ts";
import type { Token } from "./token.ts";

/** What the product calls roles and datasets, by their names. */
interface Ids {
  readonly roles: ReadonlyMap<string, string>;
  readonly datasets: ReadonlyMap<string, string>;
}

/** How whoever has a credential presents it. */
export type Presented = Pick<Asking, "key" | "headers">;

/**
 * Has a key for each of the tokens of a world make it. Each is bound to the browser that uses it first, by the cookie
 * that this presents.
 *
 * @returns How they are presented, by the names of the callers.
 */
export async function makeTokens(
  tenant: Tenant,
  { callers }: World,
  ids: Ids,
): Promise<Map<string, Presented>> {
  const asked = callers.flatMap(({ token, ...caller }) => (token ? [{ caller, token }] : []));
  const keys = await callEach<{ secret: string }>(
    tenant,
    { field: "createKey", selection: "secret" },
    asked.map(({ caller, token }) => ({
      name: `key of ${caller.name}`,
      roleIds: idsOf(token.ofKey, ids.roles),
    })),
  );
  const presented = new Map<string, Presented>();
  for (const [place, { caller, token }] of asked.entries()) {
    const { secret: key } = at(keys, place);
    const by: Pick<Tenant, "ask"> = {
      ask: (query, asking) => tenant.ask(query, { ...asking, key }),
    };
    // oxlint-disable-next-line no-await-in-loop
    const [made] = await callEach<{ secret: string }>(
      by,
      { field: "createAccessToken", selection: "secret" },
      [inputOf(caller, token, ids)],
    );
    const headers = { authorization: `Bearer ${made?.secret}`, cookie: aCookie() };
    presented.set(caller.name, { key: null, headers });
  }
  return presented;
}

function inputOf({ roles }: Caller, { carriesAll, restriction, clientId }: Token, ids: Ids) {
  const conditions = restriction?.conditions.map(({ dataset, setValue, ...condition }) => ({
    ...condition,
    ...(condition.set && { setValue }),
    datasetId: ids.datasets.get(dataset),
  }));
  return {
    binding: "COOKIE",
    ...(!carriesAll && { roleIds: idsOf(roles, ids.roles) }),
    ...(restriction && { conditions, datasetIds: idsOf(restriction.datasets, ids.datasets) }),
    ...(clientId !== null && { clientId }),
  };
}

function idsOf(names: readonly string[], ids: ReadonlyMap<string, string>) {
  return names.map((name) => ids.get(name));
}
