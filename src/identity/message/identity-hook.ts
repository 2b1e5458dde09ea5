import type { Send } from "./courier.ts";
import type { IdentityMessage } from "./identity-message.ts";

/** Where messages to users go: to a program of the operator's, which sends them on. */
export interface IdentityHook {
  readonly url: string;
  /** What it is presented as `Authorization: Bearer`; null: nothing. */
  readonly secret: string | null;
}

/** How long the hook may take to answer, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Posts each message as JSON. It fails unless the answer's status is from 200 to 299. */
export function sendToHook({ url, secret }: IdentityHook): Send {
  return async (message) => {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(secret !== null && { authorization: `Bearer ${secret}` }),
      },
      body: JSON.stringify(message),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The identity hook answered with ${response.status}.`);
  };
}

/** A message in words, for whoever develops and has no hook yet. */
export function spokenMessage({ kind, email, token }: IdentityMessage): string {
  switch (kind) {
    case "VERIFY_EMAIL":
      return `${email} is verified by the token ${token} (verifyEmail).`;
    case "RESET_PASSWORD":
      return `${email} sets a new password with the token ${token} (resetPassword).`;
    case "ALREADY_REGISTERED":
      return `Somebody wanted to register ${email}, which is registered.`;
    case "EMAIL_CHANGED":
      return `The user of ${email} has another address now.`;
  }
}
