/** A request that a page makes. */
export interface PageRequest {
  readonly endpoint: string;
  readonly query: string;
  readonly token: string;
}

/** What a page hears: the kind of the principal, or the status of a refusal, or that it may not know. */
export type Heard = string | number;

/** Runs in a page: asks with a token and the cookie that the browser has. */
export async function askedByCookie({ endpoint, query, token }: PageRequest): Promise<Heard> {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      credentials: "include",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ query }),
    });
    const { data } = (await response.json()) as { data?: { viewer: { kind: string } } };
    return data?.viewer.kind ?? response.status;
  } catch {
    return "unheard";
  }
}

/** Runs in a page: asks with a token and a proof by the key that the page keeps, which never leaves it. */
export async function askedByProof({ endpoint, query, token }: PageRequest): Promise<Heard> {
  const kept = globalThis as { pair?: CryptoKeyPair };
  const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  kept.pair ??= await crypto.subtle.generateKey(ecdsa, false, ["sign", "verify"]);
  const { privateKey, publicKey } = kept.pair;
  // It cannot stand outside: of this module the page knows this function alone.
  // eslint-disable-next-line unicorn/consistent-function-scoping
  const base64url = (bytes: Uint8Array) =>
    btoa(String.fromCodePoint(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");
  const encoded = (part: object) => base64url(new TextEncoder().encode(JSON.stringify(part)));
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
  const head = encoded({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } });
  const claims = encoded({
    jti: crypto.randomUUID(),
    htm: "POST",
    htu: endpoint,
    iat: Math.floor(Date.now() / 1_000),
    ath: base64url(new Uint8Array(hash)),
  });
  const signed = new TextEncoder().encode(`${head}.${claims}`);
  const signature = await crypto.subtle.sign(ecdsa, privateKey, signed);
  const proof = `${head}.${claims}.${base64url(new Uint8Array(signature))}`;
  const response = await fetch(endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `DPoP ${token}`,
      dpop: proof,
    },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as { data?: { viewer: { kind: string } } };
  return data?.viewer.kind ?? response.status;
}
