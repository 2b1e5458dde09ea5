const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** Makes proofs that this page has a key (RFC 9449), which no script can take out of the browser. */
export class Prover {
  /** What Fieldgate wants in the next proof, if it wants anything. */
  nonce = null;
  #pair = crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);

  /** @returns The header `DPoP` of one request. */
  async proofOf(url, token) {
    const { privateKey, publicKey } = await this.#pair;
    const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
    const head = encoded({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } });
    const claims = encoded({
      jti: crypto.randomUUID(),
      htm: "POST",
      htu: url,
      iat: Math.floor(Date.now() / 1000),
      ath: base64url(await crypto.subtle.digest("SHA-256", bytesOf(token))),
      ...(this.nonce && { nonce: this.nonce }),
    });
    const signed = bytesOf(`${head}.${claims}`);
    const signature = await crypto.subtle.sign(ALGORITHM, privateKey, signed);
    return `${head}.${claims}.${base64url(signature)}`;
  }
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

function encoded(part) {
  return base64url(bytesOf(JSON.stringify(part)));
}

function base64url(bytes) {
  const text = btoa(String.fromCodePoint(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
