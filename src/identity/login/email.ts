import * as z from "zod";
import { normalized } from "../../cell/normalized.ts";
import { textFault } from "../../cell/text.ts";

/** The most characters of an address (RFC 5321, with the erratum 1690). */
const LONGEST = 254;

/** What commands terminals, turns text around, or means something else where an address is written into a mail. */
const UNWANTED = /[\p{Cc}\p{Cf}\p{Cs}<>,;:\\()[\]]/u;

const Address = z.email({ pattern: z.regexes.unicodeEmail });

/** What is wrong with an email address. */
export function emailFaults(email: string): string[] {
  const stored = storedEmail(email);
  const isPlain = stored.length <= LONGEST && !UNWANTED.test(stored) && !textFault(stored);
  const isAddress = isPlain && Address.safeParse(stored).success;
  return isAddress ? [] : ["email is an address such as ada@example.com."];
}

/** An address as it is stored: in the one form of its characters. What is too long for one stays as it is: it is nobody's. */
export function storedEmail(email: string): string {
  return email.length > LONGEST ? email : normalized(email, "NFC");
}

/** An address as it is compared: nobody tells two people apart by the case of their addresses. */
export function emailKey(email: string): string {
  return storedEmail(email).toLowerCase();
}
