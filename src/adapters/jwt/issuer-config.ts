import type { JSONWebKeySet } from 'jose';

/** A token issuer that is trusted, and what is asked of its tokens. */
export interface IssuerConfig {
  /** `iss`, exactly. */
  readonly issuer: string;
  /** What `aud` must name. */
  readonly audience: string;
  /** Where its public keys are: a URL, a file path, or (development mode) the keys themselves. */
  readonly jwks: string | JSONWebKeySet;
}

/** Told when an issuer's keys could not be had, or cannot be used; carries no token. */
export type KeyFaultReport = (issuer: string, cause: unknown) => void;
