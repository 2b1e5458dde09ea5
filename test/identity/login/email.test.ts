import { describe, expect, it } from "vitest";
import { emailFaults, emailKey } from "../../../src/identity/login/email.ts";

const FAULTS = ["email is an address such as ada@example.com."];

describe("An email address", () => {
  it("is the same in any case and in any form of its characters", () => {
    expect(emailKey("ANDRE\u0301@example.com")).toBe(emailKey("andr\u00e9@example.com"));
  });

  it.each([
    ["ada@example.com", []],
    [`a${"\u0316".repeat(30)}@example.com`, []],
    [`a${"\u0316".repeat(31)}@example.com`, FAULTS],
    [`a@${"b".repeat(248)}.com`, []],
    [`a@${"b".repeat(249)}.com`, FAULTS],
    // What is stored of it is longer than what was written.
    [`a@${"\u0958".repeat(200)}.com`, FAULTS],
  ])("%s: %j", (email, faults) => {
    expect(emailFaults(email)).toEqual(faults);
  });

  it("is compared in no time where it is far too long for one", () => {
    const begun = performance.now();
    emailKey(`a${"\u0301\u0316".repeat(60_000)}@example.com`);

    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
