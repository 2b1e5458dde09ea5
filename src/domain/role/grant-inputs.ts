import { RowFilter } from "../../access/row-filter-input.ts";
import { builder } from "../../graphql/builder.ts";
import { SettingEnum } from "./grant.ts";

const PLACE = {
  roleId: "Whose grant. Not the administrator's, which holds everything there is.",
  datasetId: "The dataset that it is on, or whose column or link it is on.",
  columnId: "The column that it is on; null: none, and without a link the dataset as a whole.",
  linkId: "In place of a column: the link that it is on.",
} as const;

const RowFiltersInput = builder.inputType("RowFiltersInput", {
  description:
    "On which rows a role gives each action; an action that is left out or null: on every row. Besides values an operand can be a variable: `$user.id`, `$user.email`, `$user.<attribute>`, `$client.id` or `$now`; a text that begins with $ is written with another $ before it. A filter that names a variable without a value lets no row through. A filter has at most 50 conditions, 10 deep in each other, and 500 values in an `in`.",
  fields: (t) => ({
    read: t.field({ type: RowFilter, description: "Only rows that match are read." }),
    create: t.field({ type: RowFilter, description: "Only rows that match are made." }),
    update: t.field({
      type: RowFilter,
      description: "Only rows that match before and after are changed.",
    }),
    delete: t.field({ type: RowFilter, description: "Only rows that match are deleted." }),
  }),
});

/** What `setGrant` takes. */
export const SetGrantInput = builder.inputType("SetGrantInput", {
  description: "The whole override: an action that is left out or null is as without it.",
  fields: (t) => ({
    roleId: t.id({ required: true, description: PLACE.roleId }),
    datasetId: t.id({ required: true, description: PLACE.datasetId }),
    columnId: t.id({ description: PLACE.columnId }),
    linkId: t.id({ description: PLACE.linkId }),
    read: t.field({ type: SettingEnum, description: "What the role says of READ." }),
    create: t.field({ type: SettingEnum, description: "What it says of CREATE." }),
    update: t.field({ type: SettingEnum, description: "What it says of UPDATE." }),
    delete: t.field({
      type: SettingEnum,
      description: "What it says of DELETE, on a dataset alone.",
    }),
    rowFilter: t.field({
      type: RowFiltersInput,
      description:
        "On which rows the role gives each action, wherever it has the right from; on a dataset alone.",
    }),
  }),
});

/** What `removeGrant` takes. */
export const RemoveGrantInput = builder.inputType("RemoveGrantInput", {
  description: "The override to remove.",
  fields: (t) => ({
    roleId: t.id({ required: true, description: PLACE.roleId }),
    datasetId: t.id({ required: true, description: PLACE.datasetId }),
    columnId: t.id({ description: PLACE.columnId }),
    linkId: t.id({ description: PLACE.linkId }),
  }),
});
