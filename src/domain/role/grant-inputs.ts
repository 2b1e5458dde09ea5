import { builder } from "../../graphql/builder.ts";
import { SettingEnum } from "./grant.ts";

const PLACE = {
  roleId: "Whose grant. Not the administrator's, which holds everything there is.",
  datasetId: "The dataset that it is on, or whose column it is on.",
  columnId: "The column that it is on; null: the dataset as a whole.",
} as const;

/** What `setGrant` takes. */
export const SetGrantInput = builder.inputType("SetGrantInput", {
  description: "The whole override: an action that is left out or null is as without it.",
  fields: (t) => ({
    roleId: t.id({ required: true, description: PLACE.roleId }),
    datasetId: t.id({ required: true, description: PLACE.datasetId }),
    columnId: t.id({ description: PLACE.columnId }),
    read: t.field({ type: SettingEnum, description: "What the role says of READ." }),
    create: t.field({ type: SettingEnum, description: "What it says of CREATE." }),
    update: t.field({ type: SettingEnum, description: "What it says of UPDATE." }),
    delete: t.field({
      type: SettingEnum,
      description: "What it says of DELETE, on a dataset alone.",
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
  }),
});
