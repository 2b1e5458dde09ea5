import type { Endpoint } from "../requests/endpoints.ts";
import type { Filling } from "../requests/scene.ts";
import { withDirectus } from "./directus.ts";
import { isInstalled } from "./installed.ts";
import { withPostGraphile } from "./postgraphile.ts";

/** Runs the peers that are installed for as long as the work takes; on the embedded database there are none. */
export async function withPeers<Result>(
  filling: Filling,
  work: (peers: readonly Endpoint[]) => Promise<Result>,
): Promise<Result> {
  const { postgres } = filling;
  if (postgres === null || !isInstalled()) return await work([]);
  return await withPostGraphile(filling, postgres, (postgraphile) =>
    withDirectus(filling, postgres, (directus) => work([postgraphile, directus])),
  );
}
