import type { RoleAnswer, RolePermission, Told } from "../../authz/explain.ts";
import type { ToldFilter } from "./explanation.ts";

/** Said where the subject has no role. */
export const NO_ROLE = "No role is in effect.";

/** Said where a new row cannot be filled. */
export const UNFILLABLE = "A new row needs a value in a column that no role in effect lets be set.";

/** Said of a unique column that is not read in every row. */
export function silentText(action: "CREATE" | "UPDATE"): string {
  const write = action === "CREATE" ? "Making a row" : "Changing the cell";
  return `${write} tells which values of a unique column are taken, and so needs READ on it in every row.`;
}

/** What one role says of a permission. */
export function permissionText({ role, has }: RolePermission, permission: string): string {
  if (role.builtIn === "ADMINISTRATOR") return ADMINISTRATOR;
  return `The role ${role.name} ${has ? "has" : "does not have"} the permission ${permission}.`;
}

const ADMINISTRATOR = "The role administrator gives everything there is.";

/** What one role says to a need, as it is told. */
export interface ToldAnswer {
  readonly answer: RoleAnswer;
  /** The right by its name, such as `READ movies.title`. */
  readonly name: string;
  /** The row filter of the role, where it may be told. */
  readonly filter: ToldFilter | null;
  /** Whether the role gives it on the row that is asked about; undefined where none is. */
  readonly onRow: Told | undefined;
}

/** What one role says to a need. */
export function roleText(told: ToldAnswer): string {
  const { answer, name } = told;
  const { role, gives, source } = answer;
  if (source === "ADMINISTRATOR") return ADMINISTRATOR;
  const [action = "", place = ""] = name.split(" ");
  const verb = gives ? "gives" : "does not give";
  const where = gives && answer.filter ? ", on the rows of its row filter" : "";
  const reason = reasonOf(answer, action);
  const half = answer.lacksWhole ? OF_ONE_ROLE : "";
  return `The role ${role.name} ${verb} ${action} on ${place}${where}: ${reason}.${half}${filterText(told)}`;
}

const OF_ONE_ROLE = " It gives the column; a new row needs the dataset of the same role too.";

function reasonOf({ gives, source, grantOn }: RoleAnswer, action: string): string {
  const does = gives ? "allows" : "withholds";
  switch (source) {
    case "FIELD_GRANT":
      if (grantOn !== null) return `its grant on the column ${does} it`;
      return gives
        ? "grants of it on columns or links allow it"
        : "it gives it on none of the columns and links";
    case "DATASET_GRANT":
      return `its grant on the dataset ${does} it`;
    case "OPEN_DATASET":
      return "the dataset is OPEN, and no grant of the role withholds it";
    case "ADMINISTRATOR":
    case "DEFAULT":
      return gives
        ? `it gives ${action} by default, and no grant of it says otherwise`
        : `it does not give ${action} by default, and no grant of it allows it here`;
  }
}

function filterText({ answer, filter, onRow }: ToldAnswer): string {
  if (!answer.filter) return "";
  const [variable] = answer.withoutValue;
  if (filter && variable !== undefined) {
    return ` The filter lets no row through: $${variable} has no value.`;
  }
  if (onRow === undefined) return "";
  if (onRow === null) {
    return " Whether it holds on this row depends on cells that you may not read.";
  }
  return onRow ? " It holds on this row." : " It does not hold on this row.";
}
