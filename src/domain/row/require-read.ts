import { type KnownDataset, lackingOn } from "../../access/known-dataset.ts";
import { gives } from "../../authz/access-plan.ts";

/** @throws {ForbiddenError} for a dataset that the caller knows and may read nothing of. */
export function requireRead(dataset: KnownDataset): void {
  if (!gives(dataset.plan, "READ")) throw lackingOn(dataset, "READ");
}
