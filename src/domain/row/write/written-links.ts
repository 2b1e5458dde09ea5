import type { LinkDefinition } from "../../../db/dataset-definition.ts";
import { decodeId, NIL_UUID } from "../../../db/id.ts";
import type { LinkCell } from "../../../db/row-links.ts";
import type { RowFault } from "./row-fault.ts";

/** The rows that a row of a write is to lead to by each link that it sets, by their ids as they were sent. */
export type WrittenLinks = Map<LinkDefinition, readonly string[]>;

/** The most rows that one row leads to by one link. */
const MOST_TARGETS = 1_000;

/** What a write says of one link of a row, or what is wrong with it. */
export type ParsedLink =
  | { readonly ok: true; readonly targets: readonly string[] }
  | ({ readonly ok: false } & Pick<RowFault, "code" | "message">);

/** Reads what a write says of a link: null clears it. Whether there are such rows is told by the database. */
export function parseLink({ many }: LinkDefinition, input: unknown): ParsedLink {
  if (input === null) return { ok: true, targets: [] };
  if (!many) {
    return typeof input === "string"
      ? { ok: true, targets: [input] }
      : fault("WRONG_TYPE", "The id of a row, or null.");
  }
  if (!isTexts(input)) return fault("WRONG_TYPE", "A list of the ids of rows, or null.");
  if (input.length > MOST_TARGETS) {
    return fault("TOO_LARGE", `One row leads to at most ${MOST_TARGETS} by a link.`);
  }
  if (new Set(input).size < input.length) return fault("REPEATED", "An id is listed twice.");
  return { ok: true, targets: input };
}

function isTexts(input: unknown): input is string[] {
  return Array.isArray(input) && input.every((each) => typeof each === "string");
}

function fault(code: RowFault["code"], message: string): ParsedLink {
  return { ok: false, code, message };
}

/** The UUID of a row that a write names; a text that is no row's id gives one that no row has. */
export function targetUuid(id: string): string {
  return decodeId("Row", id) ?? NIL_UUID;
}

/** What rows of a write set by their links, as it is stored. */
export function linkCells(
  rows: readonly { readonly id: string; readonly links: WrittenLinks }[],
): LinkCell[] {
  return rows.flatMap(({ id: sourceId, links }) =>
    [...links].map(([{ id: linkId }, targets]) => ({
      linkId,
      sourceId,
      targetIds: targets.map(targetUuid),
    })),
  );
}
