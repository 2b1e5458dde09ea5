import { createHash, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";

/** A browser that keeps a key and makes DPoP proofs with it (RFC 9449). */
export type Prover = Awaited<ReturnType<typeof aProver>>;

/** What a proof says; what is left out, it says as it should. */
export interface Proving {
  readonly token: string;
  readonly method?: string;
  readonly url?: string;
  readonly jti?: string;
  readonly nonce?: string;
  /** The moment that it says it was made at; this one unless given. */
  readonly at?: number;
}

/** Where the worlds of tests are reached. */
export const ENDPOINT = "http://fieldgate.test/graphql";

/** Makes a browser with a key of its own. */
export async function aProver() {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwk = await exportJWK(publicKey);
  const prove = async ({ token, method = "POST", url = ENDPOINT, ...more }: Proving) =>
    await new SignJWT({
      htm: method,
      htu: url,
      ath: createHash("sha256").update(token).digest("base64url"),
      ...(more.nonce !== undefined && { nonce: more.nonce }),
    })
      .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk })
      .setJti(more.jti ?? randomUUID())
      .setIssuedAt(Math.floor((more.at ?? Date.now()) / 1_000))
      .sign(privateKey);
  return {
    thumbprint: await calculateJwkThumbprint(jwk),
    prove,
    /** The headers of a request, with a proof made for it. */
    headers: async (proving: Proving) => ({
      authorization: `DPoP ${proving.token}`,
      dpop: await prove(proving),
    }),
  };
}
