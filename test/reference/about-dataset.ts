import type { Scene } from "./model.ts";
import { may, maySomewhere } from "./rights.ts";
import { knowsDataset, knowsPlace } from "./sight.ts";

/** What a caller may do, as `Dataset`, `Column` and `Link` say it. */
export interface Can {
  readonly canRead: boolean;
  readonly canCreate: boolean;
  readonly canUpdate: boolean;
}

/** What a caller is told of a dataset that it knows. */
export interface AboutDataset extends Can {
  readonly canDelete: boolean;
  /** Those that it knows, in their order. */
  readonly columns: readonly ({ readonly name: string } & Can)[];
  /** Those that it knows, in their order. */
  readonly links: readonly ({ readonly name: string } & Can)[];
}

/** What the API tells a caller of a dataset; null: it does not know it. */
export function aboutDataset(scene: Scene): AboutDataset | null {
  if (!knowsDataset(scene)) return null;
  const { columns, links } = scene.dataset;
  const about = ({ name }: { name: string }) => ({
    name,
    canRead: may(scene, "READ", name),
    canCreate: may(scene, "CREATE", name),
    canUpdate: may(scene, "UPDATE", name),
  });
  return {
    canRead: maySomewhere(scene, "READ"),
    canCreate: maySomewhere(scene, "CREATE"),
    canUpdate: maySomewhere(scene, "UPDATE"),
    canDelete: may(scene, "DELETE", null),
    columns: columns.filter(({ name }) => knowsPlace(scene, name)).map(about),
    links: links.filter(({ name }) => knowsPlace(scene, name)).map(about),
  };
}
