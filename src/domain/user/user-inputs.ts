import { CLIENT_IP } from "../../access/attempts.ts";
import { builder } from "../../graphql/builder.ts";
import { storedText, textFaults } from "../../graphql/input-text.ts";

/** The most characters of a name and of an organization. */
const LONGEST = 200;

/** What is said of a person. */
export interface PersonFields {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly organization?: string | null | undefined;
}

const PERSON = {
  firstName: "The first name, in up to 200 characters.",
  lastName: "The last name, in up to 200 characters.",
  organization: "The organization, in up to 200 characters.",
  attributes:
    "Attributes of the tenant's own, by name; null takes one away. What row filters name can be written only with `grant::any`, and by nobody of oneself.",
};

/** The input of `registerUser`. */
export const RegisterUserInput = builder.inputType("RegisterUserInput", {
  description:
    "A new user. Whoever holds `user::register` leaves out `systemKey` and `systemSecret`; with them anybody can register where the tenant's `openRegistration` allows it.",
  fields: (t) => ({
    systemKey: t.string({ description: "The tenant's `systemKey`." }),
    systemSecret: t.string({ description: "The secret that `rollSystemSecret` made." }),
    clientIp: t.string({ description: CLIENT_IP }),
    email: t.string({ required: true, description: "The address, no other user's." }),
    password: t.string({
      description:
        "The password: 10 to 256 characters, and not one of those that many people have. Left out: there is none until one is set by a token. Whose address counts as verified is sent that at once; others ask for it by `requestPasswordReset` when they have verified it.",
    }),
    firstName: t.string({ description: PERSON.firstName }),
    lastName: t.string({ description: PERSON.lastName }),
    organization: t.string({ description: PERSON.organization }),
    attributes: t.field({ type: "JSON", description: PERSON.attributes }),
    serviceAccount: t.boolean({
      description:
        "Whether it is a program, whose sessions last until they are ended. Not for those who register themselves.",
    }),
  }),
});

/** The input of `updateMe`. */
export const UpdateMeInput = builder.inputType("UpdateMeInput", {
  description: "What is to change of oneself; what is left out or null stays.",
  fields: (t) => ({
    firstName: t.string({ description: PERSON.firstName }),
    lastName: t.string({ description: PERSON.lastName }),
    organization: t.string({ description: PERSON.organization }),
    attributes: t.field({
      type: "JSON",
      description: "Attributes that users may edit themselves, by name; null takes one away.",
    }),
    email: t.string({
      description:
        "A new address, or the same in other letters, since row filters tell them apart. It takes the place of the old one when the token is presented that is sent to it.",
    }),
    password: t.string({
      description: "A new password. The other sessions of the user end.",
    }),
    currentPassword: t.string({
      description: "The password of now: needed for a new address and a new password.",
    }),
  }),
});

/** The input of `updateUser`. */
export const UpdateUserInput = builder.inputType("UpdateUserInput", {
  description: "What is to change of a user; what is left out or null stays.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which user." }),
    firstName: t.string({ description: PERSON.firstName }),
    lastName: t.string({ description: PERSON.lastName }),
    organization: t.string({ description: PERSON.organization }),
    attributes: t.field({
      type: "JSON",
      description: `${PERSON.attributes} For whoever holds \`user::update_attributes\`.`,
    }),
    email: t.string({
      description:
        "The new address, with which the user then logs in; the old one is told. For whoever holds `user::update_email` and no less than the user does: whoever reads what is sent there can become the user. It counts as verified where the caller holds `grant::any`.",
    }),
  }),
});

/** The input of `deleteUser`. */
export const DeleteUserInput = builder.inputType("DeleteUserInput", {
  description: "A user to delete.",
  fields: (t) => ({ id: t.id({ required: true, description: "Which user." }) }),
});

/** The input of `assignRoles`. */
export const AssignRolesInput = builder.inputType("AssignRolesInput", {
  description: "The roles that a user shall have.",
  fields: (t) => ({
    userId: t.id({ required: true, description: "Which user." }),
    roleIds: t.idList({
      required: true,
      description: "All of its roles, up to 100: those that it has and are not here it loses.",
    }),
  }),
});

/** Everything that is wrong with what is said of a person. */
export function personFaults({ firstName, lastName, organization }: PersonFields): string[] {
  return [
    ...textFaults("firstName", firstName, { most: LONGEST }),
    ...textFaults("lastName", lastName, { most: LONGEST }),
    ...textFaults("organization", organization, { most: LONGEST }),
  ];
}

/** What is to be written of what is said of a person. */
export function personData({ firstName, lastName, organization }: PersonFields) {
  return {
    ...(typeof firstName === "string" && { firstName: storedText(firstName) }),
    ...(typeof lastName === "string" && { lastName: storedText(lastName) }),
    ...(typeof organization === "string" && { organization: storedText(organization) }),
  };
}
