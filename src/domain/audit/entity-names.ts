import { RECORD_TYPES } from '../fhir/resource-types.ts';

/** The resource types that the log names. */
const KNOWN_NAMES: readonly string[] = [...RECORD_TYPES, 'AuditEvent'];

/**
 * The names that begin with a text, whatever its case: what FHIR asks of a string search, worked
 * out beforehand so that the store only ever compares exactly. The text itself is among them.
 */
export function namesLike(text: string): readonly string[] {
  const start = text.toLowerCase();
  return [...KNOWN_NAMES.filter((name) => name.toLowerCase().startsWith(start)), text];
}
