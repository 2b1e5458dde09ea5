import type { createApp } from "../../app.ts";
import type { DemoFile } from "./demo-file.ts";
import { DEMO_ROLES, type DemoRole } from "./demo-data.ts";

/** The API of the server that makes the demo. */
type App = ReturnType<typeof createApp>;

/** Makes the roles of the demo and a key for each as any administrator would: through the API. */
export async function makeDemoKeys(app: App, administrator: string): Promise<DemoFile["keys"]> {
  const asked = asking(app, administrator);
  const datasets = await asked<Datasets>(`{
    datasets(first: 100) { nodes { id name columns { id name } } } }`);
  const keys = new Map<string, string>();
  for (const role of DEMO_ROLES) keys.set(role.key, await makeKey(asked, role, datasets));
  return { administrator, ...Object.fromEntries(keys) } as DemoFile["keys"];
}

/** Gives the demo tenant its label, by which it is known to be whole. */
export async function labelDemo(app: App, administrator: string, label: string): Promise<void> {
  await asking(app, administrator)(
    `mutation ($label: String!) { updateTenant(input: { label: $label }) { tenant { id } } }`,
    { label },
  );
}

interface Datasets {
  readonly datasets: {
    readonly nodes: readonly (Named & { readonly columns: readonly Named[] })[];
  };
}

interface Named {
  readonly id: string;
  readonly name: string;
}

type Ask = <Data>(query: string, variables?: object) => Promise<Data>;

async function makeKey(ask: Ask, demoRole: DemoRole, { datasets }: Datasets): Promise<string> {
  const { name, canRead, permissions, grants } = demoRole;
  const { createRole } = await ask<{ createRole: { role: { id: string } } }>(
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { input: { name, canRead, permissions } },
  );
  const roleId = createRole.role.id;
  for (const { dataset, columns, ...settings } of grants) {
    const { id: datasetId, columns: known } = called(datasets.nodes, dataset);
    for (const column of columns) {
      const columnId = called(known, column).id;
      await ask(`mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`, {
        input: { roleId, datasetId, columnId, ...settings },
      });
    }
  }
  const { createKey } = await ask<{ createKey: { secret: string } }>(
    `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`,
    { input: { name, roleIds: [roleId] } },
  );
  return createKey.secret;
}

function called<Thing extends Named>(things: readonly Thing[], name: string): Thing {
  const found = things.find((thing) => thing.name === name);
  if (!found) throw new Error(`The demo has nothing called ${name}.`);
  return found;
}

function asking(app: App, key: string): Ask {
  return async <Data>(query: string, variables: object = {}) => {
    const response = await app.fetch(
      "http://localhost/graphql",
      {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": key },
        body: JSON.stringify({ query, variables }),
      },
      { requestId: "demo", trace: {} },
    );
    const { data, errors } = (await response.json()) as { data?: Data; errors?: unknown };
    if (!data || errors) throw new Error(`The demo could not be made: ${JSON.stringify(errors)}`);
    return data;
  };
}
