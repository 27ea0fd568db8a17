import { recordIdOf } from '../fhir/record-id.ts';
import type { CareRecord } from '../record/care-record.ts';
import type { Requester } from './rule.ts';

/** What a requester is to a patient: everything that the rules tell apart. */
export type Relation =
  /** The person the record is about. */
  | 'patient'
  /** A person or system of the registered practice. */
  | 'practice'
  /** A person or system of any other organisation. */
  | 'elsewhere';

/** What a requester is to the patient of a record. */
export function relationOf(record: CareRecord, requester: Requester): Relation {
  const { caller } = requester;
  if (caller.role === 'patient') {
    return caller.nhsNumber === record.nhsNumber ? 'patient' : 'elsewhere';
  }
  return caller.organization === record.practice ? 'practice' : 'elsewhere';
}

/**
 * Whether a token's launch context reaches a record: it does when it has none, or names its
 * patient.
 */
export function launchReaches(requester: Requester, recordId: string): boolean {
  const { launchPatient } = requester.caller;
  return launchPatient === null || recordIdOf(launchPatient) === recordId;
}
