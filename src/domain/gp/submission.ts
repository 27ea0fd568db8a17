import type { Instant } from '../fhir/instant.ts';
import type { JsonObject } from '../fhir/json.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { ExtractText } from '../record/care-record.ts';
import type { OdsCode } from '../record/ods-code.ts';

/** What a system sent: one organisation's complete current extract for one patient, checked. */
export interface Submission {
  readonly nhsNumber: string;
  readonly patient: SubmittedResource;
  /** The practice that the Patient resource names as registered; null when it names none. */
  readonly practice: OdsCode | null;
  /** Everything but the Patient. */
  readonly resources: readonly SubmittedResource[];
  /** `Bundle.identifier` as `system|value`; null when there is none. */
  readonly identifier: string | null;
  /** `Bundle.timestamp` on the server's own scale; null when there is none. */
  readonly timestamp: Instant | null;
  /** Its entries as they were sent, to be known again; null when that is not wanted. */
  readonly text: ExtractText | null;
}

/** A resource as it was sent. */
export interface ArrivingResource {
  readonly type: RecordType;
  readonly resource: JsonObject;
  /** The literal references that lead to it inside the Bundle: `Type/id` and its full URL. */
  readonly references: readonly string[];
  /** FHIRPath of it in what was sent, for faults. */
  readonly at: string;
}

/** One resource of a submission. */
export interface SubmittedResource extends ArrivingResource {
  /** What identifies it at its source: its type with its identifier, or else its id there. */
  readonly key: string;
}
