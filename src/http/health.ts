/** What a probe is answered with. */
export interface Health {
  readonly status: 200 | 503;
  readonly body: { readonly status: string };
}

/** The process is up and its event loop turns. Asks nothing else, so that a lost database restarts nobody. */
export function health(): Health {
  return { status: 200, body: { status: "up" } };
}

/** Whether requests can be served: what decides is the caller's; if it fails, they cannot. */
export async function readiness(ready: () => Promise<boolean>): Promise<Health> {
  const isReady = await ready().catch(() => false);
  return isReady
    ? { status: 200, body: { status: "ready" } }
    : { status: 503, body: { status: "not ready" } };
}
