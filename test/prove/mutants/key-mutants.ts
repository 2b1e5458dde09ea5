import type { Mutant } from "./mutant.ts";

const PRESENTING = ["test/domain/key/presenting.test.ts"];
const KEYS = ["test/domain/key/key.test.ts"];
const VIEWER = ["test/domain/viewer/viewer.test.ts"];
const TEXTS = ["test/identity/secret/key-text.test.ts"];

/** Sabotages of API keys: which are accepted and for how long, what they have, and how secrets are written and compared. */
export const KEY_MUTANTS: readonly Mutant[] = [
  {
    name: "the secret before works for ever after a roll",
    file: "src/identity/key/identify-key.ts",
    from: "found?.previous_until && found.previous_until > now",
    to: "found?.previous_until",
    tests: PRESENTING,
  },
  {
    name: "the secret before is none as soon as a key is rolled",
    file: "src/identity/key/identify-key.ts",
    from: "return lasts ? found.previous_secret_hash : null;",
    to: "return lasts ? null : null;",
    tests: PRESENTING,
  },
  {
    name: "a revoked key is accepted",
    file: "src/identity/key/find-key.ts",
    from: '  if (revoked_at !== null) return "REVOKED";\n',
    to: "",
    also: [
      {
        file: "src/identity/key/find-key.ts",
        from: "AND k.revoked_at IS NULL AND coalesce(",
        to: "AND coalesce(",
      },
    ],
    tests: PRESENTING,
  },
  {
    name: "an expired key is accepted",
    file: "src/identity/key/find-key.ts",
    from: 'expires_at > now ? "ACTIVE" : "EXPIRED"',
    to: 'expires_at > now ? "ACTIVE" : "ACTIVE"',
    also: [
      {
        file: "src/identity/key/find-key.ts",
        from: "AND coalesce(k.expires_at > ${now}::timestamptz, true)",
        to: "AND ${now}::timestamptz IS NOT NULL",
      },
    ],
    tests: PRESENTING,
  },
  {
    name: "a key is accepted whatever its secret",
    file: "src/identity/key/identify-key.ts",
    from: '  if (!isProved) return "WRONG_SECRET";\n',
    to: "",
    also: [
      {
        file: "src/identity/key/find-key.ts",
        from: "${hash}::bytea IN (k.secret_hash, k.previous_secret_hash)",
        to: "true",
      },
    ],
    tests: PRESENTING,
  },
  {
    name: "a key is accepted in another tenant than it names",
    file: "src/identity/key/identify-key.ts",
    from: 'return isOfOther(found, asking) ? "OTHER_TENANT" : null;',
    to: "return null;",
    tests: PRESENTING,
  },
  {
    name: "a key has the roles of every other",
    file: "src/identity/key/find-key.ts",
    from: "WHERE kr.tenant_id = ${tenantId}::uuid AND kr.key_id = ${keyId}::uuid)",
    to: "WHERE kr.tenant_id = ${tenantId}::uuid)",
    tests: KEYS,
  },
  {
    name: "what a key narrows itself to is ignored",
    file: "src/identity/key/find-key.ts",
    from: "narrow(found.roles.map(roleOf), narrowedTo)",
    to: "found.roles.map(roleOf)",
    tests: VIEWER,
  },
  {
    name: "a publishable key writes",
    file: "src/identity/key/find-key.ts",
    from: "readOnly: found.publishable",
    to: "readOnly: false",
    tests: KEYS,
  },
  {
    name: "a roll keeps the secret before where no overlap is asked for",
    file: "src/domain/key/key-mutations.ts",
    from: "previousUntil: overlapSeconds > 0 ? new Date(now.getTime() + overlapSeconds * 1_000) : null",
    to: "previousUntil: new Date(now.getTime() + 60_000)",
    also: [
      {
        file: "src/domain/key/key-mutations.ts",
        from: "previousSecretHash: overlapSeconds > 0 ? key.secretHash : null",
        to: "previousSecretHash: key.secretHash",
      },
    ],
    tests: PRESENTING,
  },
  {
    name: "the checksum of a secret is not looked at",
    file: "src/identity/secret/secret-text.ts",
    from: "  if (!checksum(body).equals(bytes.subarray(-BYTES.checksum))) return null;\n",
    to: "",
    tests: TEXTS,
  },
  {
    name: "a secret has two spellings",
    file: "src/identity/secret/secret-text.ts",
    from: 'hex.length === 2 * TOTAL ? Buffer.from(hex, "hex") : null',
    to: 'Buffer.from(hex.slice(-2 * TOTAL), "hex")',
    tests: TEXTS,
  },
  {
    name: "a secret of whatever kind is a key",
    file: "src/identity/secret/secret-text.ts",
    from: 'text.startsWith(prefix) ? text.slice(prefix.length) : ""',
    to: "text.slice(prefix.length)",
    tests: TEXTS,
  },
  {
    name: "a new secret is as the last",
    file: "src/identity/secret/secret-text.ts",
    from: "randomBytes(BYTES.secret)",
    to: "Buffer.alloc(BYTES.secret)",
    tests: TEXTS,
  },
  {
    name: "of a hash only the beginning is compared",
    file: "src/identity/secret/secret-text.ts",
    from: "timingSafeEqual(presented, hash ?? Buffer.alloc(presented.length))",
    to: "timingSafeEqual(presented.subarray(0, 8), (hash ?? Buffer.alloc(8)).subarray(0, 8))",
    tests: TEXTS,
  },
  {
    name: "zeroes are the hash of what is not stored",
    file: "src/identity/secret/secret-text.ts",
    from: "isMatch && stored[index] !== null",
    to: "isMatch && stored[index] !== undefined",
    tests: TEXTS,
  },
];
