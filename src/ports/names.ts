import type { Naming } from '../domain/record/naming.ts';

/** The port of the domain's naming: HMAC-SHA-256 under the store's secret. */
export type Names = Naming;
