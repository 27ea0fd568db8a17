/** A reference to `Type/id`, relative or below a base, as it is written. */
export interface LiteralReference {
  /** What stands before `Type/id`; empty where it is relative. */
  readonly base: string;
  readonly type: string;
  readonly id: string;
}

const LITERAL =
  /^((?:https?:\/\/.*\/)?)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?(?:#.*)?$/;

/**
 * Reads a literal reference (http://hl7.org/fhir/R4/references.html#literal); null for any other.
 */
export function readLiteral(reference: string): LiteralReference | null {
  const [, base, type, id] = LITERAL.exec(reference) ?? [];
  return base === undefined || type === undefined || id === undefined ? null : { base, type, id };
}
