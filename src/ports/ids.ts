/** Fresh identifiers, for what has no name of its own (audit entries, fragments, requests). */
export interface Ids {
  /** A UUID (RFC 9562, version 7): time-ordered, so that an index grows at its end. */
  fresh(): string;
}
