import type { Logger } from 'pino';
import type { Context } from '../interactions/context.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';
import type { Metrics } from './metrics.ts';
import type { PublicIssuer } from './smart-configuration.ts';

/** What the HTTP server is made of; put together in `app.ts`. */
export interface ServerParts {
  readonly context: Context;
  readonly verifier: TokenVerifier;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly issuers: readonly PublicIssuer[];
  /** The key set of development mode; null outside it. */
  readonly devKeys: object | null;
  readonly version: string;
  /** Origins whose pages may call from a browser. */
  readonly corsOrigins: readonly string[];
}
