import { rangeOf } from '../fhir/date-range.ts';
import { textAt } from '../fhir/elements.ts';
import type { Instant } from '../fhir/instant.ts';
import type { JsonObject } from '../fhir/json.ts';

/** `Bundle.timestamp` on the server's own scale; null when there is none, or it is no instant. */
export function bundleTimestamp(bundle: JsonObject): Instant | null {
  const text = textAt(bundle, 'timestamp');
  // An instant has seconds and a time zone (http://hl7.org/fhir/R4/datatypes.html#instant).
  if (text === null || !/T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const range = rangeOf(text);
  return range && new Date(range.start).toISOString();
}
