import { CLIENT_IP } from "../../access/attempts.ts";
import { builder } from "../../graphql/builder.ts";

/** What presents the tenant. */
const DOOR = {
  systemKey: "The tenant's `systemKey`.",
  systemSecret: "The secret that `rollSystemSecret` made.",
};

/** The input of `requestPasswordReset` and `requestEmailVerification`. */
export const RequestTokenInput = builder.inputType("RequestTokenInput", {
  description: "The address to send a token to.",
  fields: (t) => ({
    systemKey: t.string({ required: true, description: DOOR.systemKey }),
    systemSecret: t.string({ required: true, description: DOOR.systemSecret }),
    email: t.string({ required: true, description: "The address of a user." }),
    clientIp: t.string({ description: CLIENT_IP }),
  }),
});

/** The input of `resetPassword`. */
export const ResetPasswordInput = builder.inputType("ResetPasswordInput", {
  description: "A token that was sent, and the new password.",
  fields: (t) => ({
    systemKey: t.string({ required: true, description: DOOR.systemKey }),
    systemSecret: t.string({ required: true, description: DOOR.systemSecret }),
    token: t.string({ required: true, description: "What `requestPasswordReset` had sent." }),
    clientIp: t.string({ description: CLIENT_IP }),
    password: t.string({
      required: true,
      description: "10 to 256 characters, and not one of those that many people have.",
    }),
  }),
});

/** The input of `verifyEmail`. */
export const VerifyEmailInput = builder.inputType("VerifyEmailInput", {
  description: "A token that was sent to an address.",
  fields: (t) => ({
    systemKey: t.string({ required: true, description: DOOR.systemKey }),
    systemSecret: t.string({ required: true, description: DOOR.systemSecret }),
    token: t.string({ required: true, description: "What was sent to the address." }),
    password: t.string({
      description:
        "The password of the user. Without it the password is taken away and all sessions end, since whoever named the address need not be who reads its mail: a new one is set by `requestPasswordReset`.",
    }),
    clientIp: t.string({ description: CLIENT_IP }),
  }),
});
