import { newSecretText, parseSecretText, type SecretText } from "./secret-text.ts";

/** The texts of one kind of secret. */
export interface SecretTexts {
  /** Makes the text of a new secret. It is shown once; only its hash is kept. */
  readonly create: (of: Omit<SecretText, "hash">) => { text: string; hash: Buffer };
  /** Reads such a text; null where it is malformed or mistyped. */
  readonly parse: (text: string) => SecretText | null;
}

function secretTexts(prefix: string): SecretTexts {
  return {
    create: (of) => newSecretText(prefix, of),
    parse: (text) => parseSecretText(prefix, text),
  };
}

/** What a user presents after a login. */
export const sessionTexts = secretTexts("fgs_");

/** What a key makes for one browser. */
export const accessTokenTexts = secretTexts("fga_");

/** What login and registration present of their tenant; of the tenant itself. */
export const systemSecretTexts = secretTexts("fgy_");

/** What is sent to an address, to be presented once. */
export const oneTimeTexts = secretTexts("fgo_");

/** What stands in the one-time URL of a transfer. */
export const transferTexts = secretTexts("fgt_");
