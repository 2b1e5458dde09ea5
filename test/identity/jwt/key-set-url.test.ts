import { describe, expect, test } from "vitest";
import { isKeySetUrl } from "../../../src/identity/jwt/key-set-url.ts";

const PUBLIC = [
  "https://login.example.com/keys",
  "https://login.example.com:8443/a?b=c",
  "HTTPS://LOGIN.EXAMPLE.COM",
  "https://8.8.8.8/keys",
  "https://[2606:4700:4700::1111]/",
  "https://localhost/keys",
];
const PRIVATE = ["https://10.0.0.1/keys", "https://127.1/", "https://[::1]/", "https://[fd00::1]/"];
const NEAR = ["http://localhost:1/keys", "http://127.0.0.1/", "http://127.1/", "http://[::1]:80/"];
const NEVER = [
  "",
  "keys",
  "//login.example.com",
  "http://login.example.com/keys",
  "http://10.0.0.1/",
  "http://8.8.8.8/",
  "http://127.0.0.1.evil.com/",
  "http://127.evil.com/",
  "http://localhost.evil.com/",
  "file:///etc/passwd",
  "data:application/json,{}",
  "ftp://login.example.com/",
  "https://me@login.example.com/",
  "https://:secret@login.example.com/",
  "https://login.example.com/#keys",
  `https://login.example.com/${"a".repeat(2000)}`,
];

describe("The URL of a key set", () => {
  test.each(PUBLIC)("can be %s", (url) => {
    expect(isKeySetUrl(url, false)).toBe(true);
    expect(isKeySetUrl(url, true)).toBe(true);
  });

  test.each([...PRIVATE, ...NEAR])("can be %s where private addresses are allowed", (url) => {
    expect(isKeySetUrl(url, false)).toBe(false);
    expect(isKeySetUrl(url, true)).toBe(true);
  });

  test.each(NEVER)("cannot be %s", (url) => {
    expect(isKeySetUrl(url, false)).toBe(false);
    expect(isKeySetUrl(url, true)).toBe(false);
  });
});
