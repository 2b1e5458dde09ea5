/** What a user is to be told by way of its address. */
export interface IdentityMessage {
  /**
   * `VERIFY_EMAIL` and `RESET_PASSWORD` carry a token. `ALREADY_REGISTERED`: somebody wanted to register the address;
   * `EMAIL_CHANGED`, to the old address: the user has another one now.
   */
  readonly kind: "VERIFY_EMAIL" | "RESET_PASSWORD" | "ALREADY_REGISTERED" | "EMAIL_CHANGED";
  /** The slug of the tenant. */
  readonly tenant: string;
  /** The id of the user, as the API shows it. */
  readonly userId: string;
  readonly email: string;
  /** What `verifyEmail` or `resetPassword` take, once; null where there is none. */
  readonly token: string | null;
  /** Until when the token is accepted. */
  readonly expiresAt: Date | null;
}
