import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { dictionary } from "@zxcvbn-ts/language-common";
import { normalized } from "../../cell/normalized.ts";
import { characters, textFault } from "../../cell/text.ts";

/**
 * What a hash of Argon2id, which is what the package makes unless told, costs: 19 MiB and two passes, the least that
 * OWASP's cheat sheet on storing passwords asks.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** How many characters a password has. */
const LENGTH = { least: 10, most: 256 } as const;

/** Those that many people have, as leaks showed, in lower case. */
const COMMON: ReadonlySet<string> = new Set(dictionary["passwords-common"]);

/**
 * In which turns passwords are hashed: a crowd that logs in leaves the processor and the connections to others, and
 * nobody waits behind more than a thousand.
 */
export const HASHING = {
  key: "password",
  atOnce: Math.max(1, Math.min(availableParallelism(), 4) - 1),
  mostWaiting: 1_000,
} as const;

/** Makes what is stored of a password: Argon2id in the PHC format. It takes tens of milliseconds, off the main thread. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(normal(password), COST);
}

/**
 * Whether it is the password of which a hash is stored. Where nothing is stored the same work is done in vain, so that
 * an unknown email takes as long as a known; so it is for a text that is too long for a password, which is not looked at.
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const other = await nobodys();
  const isPossible = !isTooLong(password);
  const isSame = await verify(stored ?? other, isPossible ? normal(password) : "");
  return isSame && isPossible && stored !== null;
}

let nobody: Promise<string> | null = null;

/** The hash of a password that nobody knows; made once. */
function nobodys(): Promise<string> {
  return (nobody ??= hashPassword(randomBytes(32).toString("base64")));
}

/** What is wrong with a password that somebody chooses. */
export function passwordFaults(password: string, email: string): string[] {
  if (isTooLong(password) || characters(password) < LENGTH.least) {
    return [`password has ${LENGTH.least} to ${LENGTH.most} characters.`];
  }
  const unfit = textFault(password);
  if (unfit) return [`password: ${unfit.message}`];
  const plain = normal(password).toLowerCase();
  const address = normal(email).toLowerCase();
  const [local = ""] = address.split("@");
  const isOwn = plain === local || plain === address;
  const isCommon = COMMON.has(plain) || isRepeated(plain) || isOwn;
  return isCommon ? ["password is one that many people have, or your email. Choose another."] : [];
}

/** Whether a text is one short piece over and over. */
function isRepeated(text: string): boolean {
  return /^(.{1,4}?)\1+$/u.test(text);
}

/** Of the UTF-16 units of a character there are two at most: most of what is too long need not be counted. */
function isTooLong(text: string): boolean {
  return text.length > 2 * LENGTH.most || characters(text) > LENGTH.most;
}

/**
 * Two keyboards may send one character in two ways (NIST SP 800-63B asks for NFKC or NFKD). What is too long for a
 * password, or for an address, stays as it is: one character may become 18.
 */
function normal(text: string): string {
  return isTooLong(text) ? text : normalized(text, "NFKC");
}
