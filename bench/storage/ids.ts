/** The tenant that owns every measured dataset. */
export const tenant = "01920000-0000-7000-8000-000000000001";

/** The dataset of one million rows. */
export const orders = datasetId(0);

/** The id of the n-th dataset. */
export function datasetId(n: number): string {
  return `01920000-0000-7000-9000-${n.toString(16).padStart(12, "0")}`;
}

/** How tables and views are named after a dataset: 32 hexadecimal digits. */
export const hex = (id: string): string => id.replaceAll("-", "");

/** SQL: the id of row number `i`, rising in time like a UUIDv7. */
export const rowId = "('01920000-0000-7000-a000-' || lpad(to_hex(i), 12, '0'))::uuid";
