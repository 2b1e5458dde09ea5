import { type DatasetDefinition, MOST_LINKS } from "../../db/dataset-definition.ts";
import { encodeId, newUuid } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { nameFaults, storedText } from "../../graphql/input-text.ts";
import { requireDataset } from "../../access/known-dataset.ts";
import {
  countChange,
  datasetToChange,
  linkToChange,
  requireAllReached,
} from "./change-definition.ts";
import { type DefinitionFault, refuseDefinition } from "./definition-faults.ts";
import { withholdFromOthers } from "./field-readers.ts";
import type { AddLinkInput, UpdateLinkInput } from "./link-inputs.ts";
import { faultsOfTexts, nameTakenFaults } from "./parse-definition.ts";

/**
 * Adds a link by which no row leads anywhere yet, and withholds it from all but those who are to read it.
 *
 * @returns Its UUID.
 * @throws {NotFoundError} for a target that the caller may not know of, as for one that does not exist.
 */
export async function addLink(
  context: Context,
  input: typeof AddLinkInput.$inferInput,
): Promise<string> {
  const { definition } = await datasetToChange(context, input.datasetId);
  const { definition: target } = await requireDataset(context, input.targetId);
  const { name, label, description, many, readableBy } = input;
  refuseDefinition([...faultsOfLink(definition, input), ...numberFaults(definition)]);
  const link = { tenantId: definition.tenantId, id: newUuid() };
  await context.prisma.datasetLink.create({
    data: {
      ...link,
      datasetId: definition.id,
      name,
      label: storedText(label ?? name),
      description: storedText(description ?? ""),
      targetId: target.id,
      many: many ?? false,
    },
    select: { id: true },
  });
  await countChange(context, definition);
  if (readableBy) {
    await withholdFromOthers(context, { datasetId: definition.id, linkId: link.id }, readableBy);
  }
  context.nameTarget(encodeId("Link", link.id));
  return link.id;
}

/**
 * Changes how a link is called, and what is said of it.
 *
 * @returns Its UUID.
 * @throws {NotFoundError} for one that the caller may not know of, as for one that does not exist.
 */
export async function updateLink(
  context: Context,
  input: typeof UpdateLinkInput.$inferInput,
): Promise<string> {
  const { dataset, definition: was } = await linkToChange(context, input.id);
  const { name, label, description } = input;
  const isRenamed = typeof name === "string" && name !== was.name;
  refuseDefinition(faultsOfLink(dataset.definition, { ...input, name: isRenamed ? name : null }));
  await context.prisma.datasetLink.update({
    where: { tenantId_id: { tenantId: dataset.definition.tenantId, id: was.id } },
    data: {
      ...(isRenamed && { name }),
      ...(typeof label === "string" && { label: storedText(label) }),
      ...(typeof description === "string" && { description: storedText(description) }),
    },
    select: { id: true },
  });
  await countChange(context, dataset.definition);
  return was.id;
}

/**
 * Removes a link, with what it says of rows and the grants on it. The rows stay.
 *
 * @returns The UUID of its dataset.
 * @throws {NotFoundError} for one that the caller may not know of, as for one that does not exist.
 */
export async function removeLink(context: Context, id: string): Promise<string> {
  const { dataset, definition: gone } = await linkToChange(context, id);
  requireAllReached(dataset);
  const { tenantId } = dataset.definition;
  await context.prisma.datasetLink.delete({
    where: { tenantId_id: { tenantId, id: gone.id } },
    select: { id: true },
  });
  await countChange(context, dataset.definition);
  return dataset.definition.id;
}

function faultsOfLink(
  definition: DatasetDefinition,
  texts: {
    readonly name?: string | null | undefined;
    readonly label?: string | null | undefined;
    readonly description?: string | null | undefined;
  },
): DefinitionFault[] {
  const { name } = texts;
  return [
    ...nameFaults("name", name).map((message) => ({ field: "name", message })),
    ...faultsOfTexts(texts),
    ...(typeof name === "string" ? nameTakenFaults(definition, name) : []),
  ];
}

function numberFaults({ links }: DatasetDefinition): DefinitionFault[] {
  return links.length < MOST_LINKS
    ? []
    : [{ field: "links", message: `A dataset has at most ${MOST_LINKS} links.` }];
}
