import { describe, expect, test } from "vitest";
import { unprovedClaims } from "../../../src/identity/jwt/compact-jws.ts";

const part = (json: unknown) => Buffer.from(JSON.stringify(json)).toString("base64url");
const tokenOf = (claims: object) => `${part({ alg: "RS256" })}.${part(claims)}.AAAA`;

const iss = "https://login.example.com";

describe("The unproved claims of a JWT", () => {
  test.each([
    ["one audience", "a", ["a"]],
    ["several audiences", ["a", "b"], ["a", "b"]],
    ["no audience", undefined, []],
    ["audiences of which some can be none", ["a", 1, null, "", "b\0", ["c"]], ["a"]],
    ["an audience that can be none", { a: 1 }, []],
  ])("name its issuer, and %s", (_what, aud, audiences) => {
    expect(unprovedClaims(tokenOf({ iss, aud }))).toStrictEqual({
      issuer: iss,
      subject: null,
      audiences,
    });
  });

  test.each([
    ["its subject", "1", "1"],
    ["no subject", undefined, null],
    ["a subject that can be none", ["1"], null],
    ["a subject with NUL", "1\0", null],
  ])("name %s", (_what, sub, subject) => {
    expect(unprovedClaims(tokenOf({ iss, sub }))).toMatchObject({ subject });
  });

  test.each([
    ["it names no issuer", tokenOf({ aud: "a" })],
    ["its issuer is empty", tokenOf({ iss: "" })],
    ["its issuer is a list", tokenOf({ iss: [iss] })],
    ["its issuer holds NUL", tokenOf({ iss: `${iss}\0` })],
    [
      "its issuer stands twice",
      `${part({})}.${Buffer.from('{"iss":"a","iss":"b"}').toString("base64url")}.AAAA`,
    ],
    [
      "its claims are no UTF-8",
      `${part({})}.${Buffer.from('{"iss":"\xff"}', "latin1").toString("base64url")}.AAAA`,
    ],
    ["it lacks a part", `${part({})}.${part({ iss })}`],
    ["it has a part too many", `${tokenOf({ iss })}.AAAA`],
    ["it is encrypted", `${tokenOf({ iss })}.AAAA.AAAA`],
    ["a space is after it", `${tokenOf({ iss })} `],
    ["it is padded", `${tokenOf({ iss }).slice(0, -1)}=`],
    ["it is a key of ours", `fgk_${"0".repeat(92)}`],
    ["it is empty", ""],
    ["it is longer than 16 KiB", tokenOf({ iss, padding: "x".repeat(12_500) })],
    [
      "it nests as deep as it can",
      `${part({})}.${Buffer.from(`{"iss":"a","x":${"[".repeat(12_000)}`).toString("base64url")}.AAAA`,
    ],
  ])("are none where %s", (_what, token) => {
    expect(unprovedClaims(token)).toBeNull();
  });

  test("are read however deep others are nested", () => {
    const deep = `{"iss":"${iss}","x":${"[".repeat(5000)}${"]".repeat(5000)}}`;
    const token = `${part({})}.${Buffer.from(deep).toString("base64url")}.AAAA`;
    expect(unprovedClaims(token)).toStrictEqual({ issuer: iss, subject: null, audiences: [] });
  });
});
