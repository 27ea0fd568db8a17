declare const audited: unique symbol;

/**
 * An answer that may leave: the audit entry of it is durable. Only `release.ts` makes these (a test
 * holds it to that), and `http/fhir-reply.ts` takes nothing else.
 */
export interface Released {
  readonly [audited]: true;
  readonly status: 'ok' | 'created' | 'no-content';
  /** UTF-8 JSON in pieces, in order; stored text is passed on as it is stored. */
  readonly body: readonly Uint8Array[];
  /**
   * For single resources: the version id (ETag) and last change (Last-Modified) of what is in
   * `body`.
   */
  readonly versionId?: string;
  readonly lastUpdated?: string;
  /** Whether `body` takes from other resources too: then its version does not tell of a change. */
  readonly isComposed?: boolean;
  /** For creates: `Type/id`, relative to the base. */
  readonly location?: string;
  /** For a transaction, in place of a body: what each of its entries came to, in their order. */
  readonly parts?: readonly Answer[];
}

/** What an interaction wants to send; `release` makes it Released once it is audited. */
export type Answer = Omit<Released, typeof audited>;

/** Marks an answer as audited. INVARIANT: called by `release.ts` alone. */
export function markReleased(answer: Answer): Released {
  return answer as Released;
}
