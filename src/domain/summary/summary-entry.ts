import type { JsonObject } from '../fhir/json.ts';

/** A resource of a summary with the URL it is known by in the document. */
export interface SummaryEntry {
  readonly fullUrl: string;
  readonly resource: JsonObject;
}
