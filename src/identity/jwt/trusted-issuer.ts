/** An identity provider whose JWTs a tenant accepts, as stored. */
export interface TrustedIssuer {
  /** Its `iss`, character for character. */
  readonly issuer: string;
  /** What has to be among the `aud` of its JWTs, so that those made for others are refused. */
  readonly audience: string;
  readonly jwksUrl: string;
  /** Those it signs with. What is none of {@link SIGNATURE_ALGORITHMS} is ignored, even if stored. */
  readonly algorithms: readonly string[];
  /** In seconds since `iat`: no JWT is accepted for longer, whatever its `exp`. */
  readonly maxTokenAge: number;
  readonly claims: ClaimMapping;
}

/** Which claims say what about a user. Each is named by its path: see `claimAt`; null: by none. */
export interface ClaimMapping {
  readonly email: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly organization: string | null;
  readonly roles: string | null;
  /** The path by the name of the attribute. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** In seconds. */
export const DEFAULT_MAX_TOKEN_AGE = 3600;

/**
 * The algorithms that an issuer can be trusted with: those in which nobody who can verify can sign. With `HS256` a
 * public key would be a secret, and with `none` there is no signature (RFC 8725, section 3.1).
 */
export const SIGNATURE_ALGORITHMS: readonly string[] = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
