import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newKeyText, parseKeyText } from "../../../src/identity/secret/key-text.ts";
import { matchesAny } from "../../../src/identity/secret/secret-text.ts";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".split("");
const TENANT = "0192f3a1-b2c3-7d4e-8f00-112233445566";
const KEY = "0192f3a1-b2c4-7000-8000-00000000000f";

const uuid = fc.uuid();

/** The number that the digits of a key stand for. */
function numberOf(text: string): bigint {
  let number = 0n;
  for (const digit of text.slice(4)) number = number * 62n + BigInt(DIGITS.indexOf(digit));
  return number;
}

/** A key's text from its bytes, written anew here. */
function textOf(bytes: Buffer): string {
  let number = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (let place = 0; place < 92; place += 1) {
    text = `${DIGITS[Number(number % 62n)]}${text}`;
    number /= 62n;
  }
  return `fgk_${text}`;
}

describe("the text of a key", () => {
  test("is a prefix and 92 letters and digits", () => {
    for (let index = 0; index < 200; index += 1) {
      expect(newKeyText(TENANT, KEY).text).toMatch(/^fgk_[0-9A-Za-z]{92}$/);
    }
  });

  test("carries its tenant and its key, whichever they are", () => {
    fc.assert(
      fc.property(uuid, uuid, (tenantId, keyId) => {
        const { text, hash } = newKeyText(tenantId, keyId);
        expect(parseKeyText(text)).toStrictEqual({ tenantId, keyId, hash });
      }),
    );
  });

  test("keeps a secret of 256 bits that is another each time", () => {
    const secrets = new Set<string>();
    for (let index = 0; index < 500; index += 1) {
      const hex = numberOf(newKeyText(TENANT, KEY).text).toString(16).padStart(136, "0");
      secrets.add(hex.slice(64, 128));
      expect(hex.slice(0, 64)).toBe(`${TENANT}${KEY}`.replaceAll("-", ""));
    }
    expect(secrets.size).toBe(500);
  });

  test("is stored as the SHA-256 of the whole of it", () => {
    const { text, hash } = newKeyText(TENANT, KEY);
    expect(hash).toStrictEqual(createHash("sha256").update(text).digest());
  });

  test("ends with a checksum of all before it", () => {
    const body = Buffer.alloc(64, 7);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(body));
    expect(parseKeyText(textOf(Buffer.concat([body, checksum])))).not.toBeNull();
    expect(parseKeyText(textOf(Buffer.concat([body, checksum.swap32()])))).toBeNull();
  });
});

describe("a text that is not the key", () => {
  const { text } = newKeyText(TENANT, KEY);

  test("is told by every single wrong character", () => {
    const wrong = text
      .split("")
      .flatMap((right, at) =>
        [...DIGITS, "_", "-", " ", "é", "０"]
          .filter((digit) => digit !== right)
          .map((digit) => text.slice(0, at) + digit + text.slice(at + 1)),
      );
    expect(wrong.length).toBeGreaterThan(6_000);
    expect(wrong.filter((typo) => parseKeyText(typo) !== null)).toStrictEqual([]);
  });

  test("is told when two neighbours are swapped, or a character is lost or doubled", () => {
    const wrong = text
      .split("")
      .flatMap((character, at) => [
        text.slice(0, at) + text.slice(at + 1),
        text.slice(0, at) + character + text.slice(at),
        text.slice(0, at) + (text[at + 1] ?? "") + character + text.slice(at + 2),
      ]);
    const other = wrong.filter((typo) => typo !== text);
    expect(other.filter((typo) => parseKeyText(typo) !== null)).toStrictEqual([]);
  });

  test("is none of 10,000 mutations of it", () => {
    const edit = fc.record({
      at: fc.nat(text.length - 1),
      drop: fc.nat(3),
      put: fc.string({ unit: fc.constantFrom(...DIGITS), maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const mutated = edits.reduce(
          (past, { at, drop, put }) => past.slice(0, at) + put + past.slice(at + drop),
          text,
        );
        fc.pre(mutated !== text);
        expect(parseKeyText(mutated)).toBeNull();
      }),
      { numRuns: 10_000 },
    );
  });

  test.each([
    ["nothing", ""],
    ["the prefix alone", "fgk_"],
    ["another prefix", `fga_${text.slice(4)}`],
    ["the prefix in capitals", `FGK_${text.slice(4)}`],
    ["no prefix", text.slice(4)],
    ["space before it", ` ${text}`],
    ["a line break after it", `${text}\n`],
    ["NUL after it", `${text}\u0000`],
    ["itself twice", text + text],
    ["its letters in the other case", text.replaceAll(/[A-Za-z]/g, swapped)],
    ["a name of a prototype", "__proto__"],
  ])("is %s", (_what, wrong) => {
    expect(parseKeyText(wrong)).toBeNull();
  });

  test("is another spelling of the same number", () => {
    // 62⁹² is more than the 68 bytes hold: whatever is beyond them would come down to a smaller number.
    const beyond = numberOf(text) + (1n << 544n);
    let spelt = "";
    for (let rest = beyond; rest > 0n; rest /= 62n) spelt = `${DIGITS[Number(rest % 62n)]}${spelt}`;
    expect(spelt).toHaveLength(92);
    expect(parseKeyText(`fgk_${spelt}`)).toBeNull();
    expect(parseKeyText(`fgk_${"z".repeat(92)}`)).toBeNull();
  });
});

function swapped(letter: string): string {
  return letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
}

describe("a presented hash", () => {
  const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

  test("matches any of the stored ones", () => {
    expect(matchesAny(one, [one])).toBe(true);
    expect(matchesAny(one, [two, one])).toBe(true);
    expect(matchesAny(one, [one, null])).toBe(true);
    expect(matchesAny(one, [null, one])).toBe(true);
  });

  test("matches nothing else", () => {
    expect(matchesAny(one, [])).toBe(false);
    expect(matchesAny(one, [two])).toBe(false);
    expect(matchesAny(one, [two, null])).toBe(false);
  });

  test("matches none that is another in a single bit", () => {
    for (let bit = 0; bit < 256; bit += 1) {
      const other = one.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(matchesAny(one, [other])).toBe(false);
    }
  });

  test("matches no hash that is not stored, not even that of zeroes", () => {
    const zeroes = Buffer.alloc(32);
    expect(matchesAny(zeroes, [null])).toBe(false);
    expect(matchesAny(zeroes, [null, null])).toBe(false);
    expect(matchesAny(zeroes, [one, null])).toBe(false);
  });
});
