/** A stretch of the demographic index: terms from `from` (inclusive) to `to` (exclusive). */
export interface TermRange {
  readonly from: string;
  readonly to: string;
  /** The last hit of the page before; null for the first page. */
  readonly after: TermHit | null;
  readonly limit: number;
}

/** One posting of the demographic index. */
export interface TermHit {
  readonly term: string;
  readonly recordId: string;
}

/** A page of hits in order of (term, record id); `more` says whether another follows. */
export interface TermPage {
  readonly hits: readonly TermHit[];
  readonly more: boolean;
}
