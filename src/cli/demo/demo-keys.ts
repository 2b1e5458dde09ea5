import type { AskAsOperator } from "../as-operator.ts";
import type { DemoFile } from "./demo-file.ts";
import { DEMO_ROLES, type DemoRole } from "./demo-data.ts";

/** Makes the roles of the demo and a key for each as any administrator would: through the API. */
export async function makeDemoKeys(
  ask: AskAsOperator,
): Promise<Omit<DemoFile["keys"], "administrator">> {
  const datasets = await ask<Datasets>(`{
    datasets(first: 100) { nodes { id name columns { id name } } } }`);
  const keys = new Map<string, string>();
  for (const role of DEMO_ROLES) keys.set(role.key, await makeKey(ask, role, datasets));
  return Object.fromEntries(keys) as Record<DemoRole["key"], string>;
}

/** Gives the demo tenant its label, by which it is known to be whole. */
export async function labelDemo(ask: AskAsOperator, label: string): Promise<void> {
  await ask(
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

async function makeKey(
  ask: AskAsOperator,
  demoRole: DemoRole,
  { datasets }: Datasets,
): Promise<string> {
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
