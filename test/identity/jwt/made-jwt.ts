import { randomUUID } from "node:crypto";
import { ecPair, edPair, type Forged, rsaPair, signed } from "./forge.ts";

export const NOW = new Date("2026-11-05T10:00:00Z");
export const SECONDS = NOW.getTime() / 1000;

/** Of no other process: no issuer is trusted for one audience by two tenants. */
export const ISSUER = `https://login-${randomUUID()}.example.com`;
export const AUDIENCE = "fieldgate";

export const rsa = rsaPair({ kid: "rsa" });
export const spare = rsaPair({ kid: "spare" });
export const p256 = ecPair({ kid: "p256" }, "P-256");
export const p384 = ecPair({ kid: "p384" }, "P-384");
export const p521 = ecPair({ kid: "p521" }, "P-521");
export const ed = edPair({ kid: "ed" });
export const strangers = rsaPair({ kid: "rsa" });

/** Keys that an issuer had better not publish, or not for this. */
export const weak = rsaPair({ kid: "weak" }, 1024);
export const sealing = rsaPair({ kid: "sealing", use: "enc" });
export const rs512 = rsaPair({ kid: "rs512", alg: "RS512" });
const secret = { kty: "oct", kid: "secret", k: Buffer.from("a secret").toString("base64url") };
export const leaked = rsaPair({ kid: "leaked" });
const leakedJwk = { ...leaked.secret.export({ format: "jwk" }), kid: "leaked" };

export const PUBLISHED = [
  ...[rsa, spare, p256, p384, p521, ed, weak, sealing, rs512].map(({ jwk }) => jwk),
  secret,
  leakedJwk,
];

/** The header of the good JWT. */
export const HEADER = { alg: "RS256", kid: "rsa", typ: "JWT" };
export const CLAIMS = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: "248289761001",
  iat: SECONDS - 60,
  exp: SECONDS + 600,
};

/** The good JWT, but for what is said. */
export function jwt({
  header,
  claims,
  headerBytes,
  claimBytes,
  by,
  signedAs,
}: Forged = {}): string {
  const said: { alg: unknown } = { ...HEADER, ...header };
  const parts = [
    headerBytes ?? JSON.stringify(said),
    claimBytes ?? JSON.stringify({ ...CLAIMS, ...claims }),
  ] as const;
  return signed(parts, signedAs ?? String(said.alg), by ?? rsa.secret);
}

export const withHeader = (header: Forged["header"] = {}) => jwt({ header, signedAs: "RS256" });
export const withClaims = (claims: Forged["claims"] = {}) => jwt({ claims });
export const partsOf = (token: string) => token.split(".") as [string, string, string];

/** What a stranger says of the key that it signs with. */
export const attackers = { alg: "RS256", jwk: strangers.jwk, kid: "rsa" };

export const claimsWith = (more: string) => `${JSON.stringify(CLAIMS).slice(0, -1)},${more}}`;
