import type { Pair } from "./forge.ts";
import {
  attackers,
  AUDIENCE,
  claimsWith,
  ed,
  jwt,
  p256,
  p384,
  p521,
  rs512,
  rsa,
  SECONDS,
  spare,
  withClaims,
  withHeader,
} from "./made-jwt.ts";

/** A key of the issuer for each algorithm that it is trusted with. */
export const CONTROLS: readonly [string, Pair][] = [
  ["RS256", rsa],
  ["RS384", rsa],
  ["RS512", rs512],
  ["PS256", rsa],
  ["PS384", rsa],
  ["PS512", rsa],
  ["ES256", p256],
  ["ES384", p384],
  ["ES512", p521],
  ["EdDSA", ed],
  ["Ed25519", ed],
];

/** What JWTs are like that are as good as the usual one, and the JWTs. */
export const ALIKE: readonly (readonly [what: string, token: string])[] = [
  ["its type is missing", withHeader({ typ: undefined })],
  ["its type is that of access tokens", withHeader({ typ: "at+jwt" })],
  ["its type is said in full and in capitals", withHeader({ typ: "APPLICATION/AT+JWT" })],
  ["it says no key, and several fit", jwt({ header: { kid: undefined }, by: spare.secret })],
  [
    "it names a key that it does not need",
    jwt({ header: { ...attackers, jku: "https://evil.example" } }),
  ],
  ["it is for others too", withClaims({ aud: ["another", AUDIENCE] })],
  ["its subject has 255 characters", withClaims({ sub: "x".repeat(255) })],
  ["it ends in a second", withClaims({ exp: SECONDS + 1 })],
  ["it was made almost an hour ago", withClaims({ iat: SECONDS - 3599 })],
  [
    "the clock of the issuer is 30 seconds ahead",
    withClaims({ iat: SECONDS + 30, nbf: SECONDS + 30 }),
  ],
  [
    "a name that stands twice is in different objects",
    withClaims({ act: { sub: "another" }, aud: [AUDIENCE] }),
  ],
  ["it is written with spaces", jwt({ claimBytes: claimsWith(' "a"\t:\n{ "b" : [ ] } ') })],
  ["a text looks as if it were a name", withClaims({ note: '"sub":"another","sub": 1' })],
  ["it has almost 16 KiB", withClaims({ padding: "x".repeat(11_500) })],
];
