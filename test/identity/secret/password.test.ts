import { describe, expect, it } from "vitest";
import { hashPassword, isPassword, passwordFaults } from "../../../src/identity/secret/password.ts";

const LIGATURES = "\uFDFA".repeat(256);

describe("A password", () => {
  it("is the same from two keyboards", async () => {
    const stored = await hashPassword("Ame\u0301lie et \uFB01ls");

    expect(await isPassword("Am\u00e9lie et fils", stored)).toBe(true);
  });

  it("is stored as Argon2id, which costs whoever guesses 19 MiB and two passes each time", async () => {
    expect(await hashPassword("a long enough phrase")).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    );
  });

  it("is refused with more than 30 combining marks in a row", () => {
    expect(passwordFaults(`long enough${"\u0301".repeat(30)}`, "")).toEqual([]);
    expect(passwordFaults(`long enough${"\u0301".repeat(31)}`, "")).toEqual([
      "password: Text may have at most 30 combining marks in a row.",
    ]);
  });

  it("has 256 characters at most, even where longer text is the same in its normal form", async () => {
    const stored = await hashPassword(LIGATURES);

    expect(await isPassword(LIGATURES, stored)).toBe(true);
    expect(await isPassword(LIGATURES.normalize("NFKC"), stored)).toBe(false);
    expect(passwordFaults("😀".repeat(257), "")).toEqual(["password has 10 to 256 characters."]);
  });

  it("costs a hash and no more where the text is far too long for one", async () => {
    const stored = await hashPassword("a long enough phrase");
    const texts = ["\uFDFA".repeat(3_000_000), `a${"\u0301\u0316".repeat(60_000)}`];
    const begun = performance.now();
    const answers = await Promise.all(texts.map((text) => isPassword(text, stored)));

    expect(answers).toEqual([false, false]);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
