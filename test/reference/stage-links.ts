import type { World as Tenant } from "../support/world.ts";
import { at, callEach } from "./call-each.ts";
import type { Dataset, Link, Row } from "./model.ts";

/** The product's ids of links, by the names of their dataset and of their own. */
export type LinkIds = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Makes the links, and has the rows lead where they lead in the world.
 *
 * @param ids The product's ids of datasets by name, and of rows by their ids in the world.
 */
export async function makeLinks(
  tenant: Tenant,
  datasets: readonly Dataset[],
  ids: { datasets: ReadonlyMap<string, string>; rows: ReadonlyMap<string, string> },
): Promise<LinkIds> {
  const links = datasets.flatMap(({ name: from, links: some }) =>
    some.map((link) => ({ from, link })),
  );
  const made = await callEach<{ link: { id: string } }>(
    tenant,
    { field: "addLink", selection: "link { id }" },
    links.map(({ from, link: { name, target, isMany } }) => ({
      datasetId: ids.datasets.get(from),
      targetId: ids.datasets.get(target),
      name,
      many: isMany,
    })),
  );
  const leading = datasets.filter((dataset) => dataset.links.length > 0);
  await callEach(
    tenant,
    { field: "updateRows", selection: "results { id }" },
    leading.map(({ name, links: some, rows }) => ({
      datasetId: ids.datasets.get(name),
      rows: rows.map((row) => ({
        id: ids.rows.get(row.id),
        values: linkValues(some, row.links, ids.rows),
      })),
    })),
  );
  const found = new Map(datasets.map(({ name }) => [name, new Map<string, string>()]));
  for (const [index, { from, link }] of links.entries()) {
    found.get(from)?.set(link.name, at(made, index).link.id);
  }
  return found;
}

/** Where a row leads, as a write says it; an id that no row of the product has is sent as it is. */
export function linkValues(
  links: readonly Link[],
  targets: Row["links"],
  rows: ReadonlyMap<string, string>,
): Record<string, string | null | readonly string[]> {
  const isMany = new Map(links.map((link) => [link.name, link.isMany]));
  return Object.fromEntries(
    Object.entries(targets).map(([name, named]) => {
      const ids = named.map((id) => rows.get(id) ?? id);
      return [name, isMany.get(name) ? ids : (ids[0] ?? null)];
    }),
  );
}
