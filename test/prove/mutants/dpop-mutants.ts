import type { Mutant } from "./mutant.ts";

const CLAIMS = ["test/identity/token/dpop/claims.test.ts"];
const SIGNED = ["test/identity/token/dpop/signed-claims.test.ts"];
const ASKING = ["test/domain/access-token/dpop.test.ts"];

/** Sabotages of proofs that a browser holds a key (RFC 9449). */
export const DPOP_MUTANTS: readonly Mutant[] = [
  {
    name: "a proof for another method is accepted",
    file: "src/identity/token/dpop/claims.ts",
    from: '  if (claims["htm"] !== method) return { fault: "METHOD" };\n',
    to: "",
    tests: CLAIMS,
  },
  {
    name: "a proof for another URL is accepted",
    file: "src/identity/token/dpop/claims.ts",
    from: '  if (!isSameTarget(claims["htu"], url)) return { fault: "URL" };\n',
    to: "",
    tests: CLAIMS,
  },
  {
    name: "a proof is for every path of a host",
    file: "src/identity/token/dpop/claims.ts",
    from: "  return url.href;\n",
    to: "  return url.origin;\n",
    tests: CLAIMS,
  },
  {
    name: "a proof is accepted however old it is",
    file: "src/identity/token/dpop/claims.ts",
    from: "age <= MAX_AGE_MS && age",
    to: "age",
    tests: CLAIMS,
  },
  {
    name: "a proof from far ahead is accepted",
    file: "src/identity/token/dpop/claims.ts",
    from: "&& age >= -MAX_AHEAD_MS",
    to: "",
    tests: CLAIMS,
  },
  {
    name: "a proof without an id is accepted",
    file: "src/identity/token/dpop/claims.ts",
    from: 'if (!idHash) return { fault: "ID" };',
    to: "if (!idHash) return { idHash: Buffer.alloc(32), issuedAt };",
    tests: CLAIMS,
  },
  {
    name: "a proof for another token is accepted",
    file: "src/identity/token/dpop/claims.ts",
    from: '  if (!isHashOf(token, claims["ath"])) return { fault: "TOKEN" };\n',
    to: "",
    tests: CLAIMS,
  },
  {
    name: "a proof without a nonce is accepted where one is asked for",
    file: "src/identity/token/dpop/claims.ts",
    from: 'if (nonces && !nonces.some((nonce) => nonce === claims["nonce"])) return',
    to: "if (nonces?.length === 0) return",
    tests: CLAIMS,
  },
  {
    name: "a nonce is good for ever",
    file: "src/identity/token/dpop/nonce.ts",
    from: 'JSON.stringify(["DPoP nonce", period])',
    to: 'JSON.stringify(["DPoP nonce", period > 0])',
    tests: ["test/identity/token/dpop/nonce.test.ts"],
  },
  {
    name: "whatever signed a proof, it is one",
    file: "src/identity/token/dpop/signed-claims.ts",
    from: "const { payload } = await jwtVerify(proof, key, {\n      algorithms: PROOF_ALGORITHMS,\n      currentDate: now,\n    });",
    to: 'const payload = JSON.parse(Buffer.from(proof.split(".")[1] ?? "", "base64url").toString());',
    tests: SIGNED,
  },
  {
    name: "a proof is signed by none or by a secret",
    file: "src/identity/token/dpop/signed-claims.ts",
    from: 'return PROOF_ALGORITHMS.includes(header.alg ?? "") ? null : "ALGORITHM";',
    to: "return null;",
    also: [
      {
        file: "src/identity/token/dpop/signed-claims.ts",
        from: "      algorithms: PROOF_ALGORITHMS,\n",
        to: "",
      },
    ],
    tests: SIGNED,
  },
  {
    name: "whatever its header calls it, it is a proof",
    file: "src/identity/token/dpop/signed-claims.ts",
    from: '  if (typeof header.typ !== "string" || !TYPE.test(header.typ)) return "TYPE";\n',
    to: "",
    tests: SIGNED,
  },
  {
    name: "a proof that asks for what is not understood is accepted",
    file: "src/identity/token/dpop/signed-claims.ts",
    from: '  if (Object.hasOwn(header, "crit")) return "MALFORMED";\n',
    to: "",
    tests: SIGNED,
  },
  {
    name: "a proof that gives its private key away is accepted",
    file: "src/identity/token/dpop/signed-claims.ts",
    from: "  if (Object.keys(header.jwk ?? {}).some((member) => PRIVATE.has(member))) return null;\n",
    to: "",
    tests: SIGNED,
  },
  {
    name: "all keys of one algorithm are the same key",
    file: "src/identity/token/dpop/signed-claims.ts",
    from: "thumbprint: await calculateJwkThumbprint(key)",
    to: 'thumbprint: header.alg ?? ""',
    tests: ["test/identity/token/dpop/proof.test.ts"],
  },
  {
    name: "a proof is forgotten while it is good",
    file: "src/identity/token/bind-token.ts",
    from: "issuedAt.getTime() + 2 * MAX_AGE_MS",
    to: "issuedAt.getTime()",
    tests: ASKING,
  },
  {
    name: "a proof is for whichever host a request names",
    file: "src/identity/token/presented-possession.ts",
    from: "  if (publicUrl === null || !URL.canParse(url)) return url;\n",
    to: '  if (publicUrl !== "") return url;\n',
    tests: ASKING,
  },
];
