import type { Instant } from '../fhir/instant.ts';
import type { JsonObject } from '../fhir/json.ts';
import { NHS_NUMBER } from '../fhir/systems.ts';
import type { CareRecord, Entry, ExtractMark } from '../record/care-record.ts';
import { demographicTerms } from '../record/demographic-terms.ts';
import type { OdsCode } from '../record/ods-code.ts';
import type { RecordEdit, RecordHead } from '../record/record-edit.ts';
import type { Draft } from '../record/write-entry.ts';
import type { Standing } from './standing.ts';

/** Whose record it is. */
export interface Identity {
  readonly recordId: string;
  readonly nhsNumber: string;
}

/** What an organisation's write changes beside entries. */
export interface HeadChange {
  readonly identity: Identity;
  readonly organization: OdsCode;
  readonly standing: Standing;
  /** When it was accepted as a complete extract; null for a write of single entries. */
  readonly acceptedAt: Instant | null;
  /** What is kept of that extract, if anything is. */
  readonly extract: ExtractMark | null;
  /** The registered practice's Patient; null when it did not bring one. */
  readonly patient: JsonObject | null;
}

/**
 * The head of a record after an organisation's write: registration, its source, demographic terms.
 */
export function nextHead(before: CareRecord | null, change: HeadChange): RecordHead {
  const { identity, organization, standing, patient } = change;
  const { timestamp, registers, leaves } = standing;
  const source = before?.sources[organization];
  const version = (source?.version ?? 0) + 1;
  const acceptedAt = change.acceptedAt ?? source?.acceptedAt ?? null;
  const extract = change.extract === null ? {} : { extract: change.extract };
  const former = (before?.formerPractices ?? []).filter((each) => each !== organization);
  const already = before?.practice === organization;
  return {
    id: identity.recordId,
    nhsNumber: identity.nhsNumber,
    practice: registers ? organization : (before?.practice ?? null),
    registeredAt: registers && !already ? timestamp : (before?.registeredAt ?? null),
    formerPractices: leaves === null ? (before?.formerPractices ?? []) : [...former, leaves],
    dissentSeenAt: before?.dissentSeenAt ?? null,
    sources: { ...before?.sources, [organization]: { version, timestamp, acceptedAt, ...extract } },
    terms: registers && patient !== null ? demographicTerms(patient) : (before?.terms ?? []),
  };
}

/** Withdraws what the practice that a patient has left had recorded; returns what that was. */
export function withdrawLeft(edit: RecordEdit, { leaves }: Standing): readonly Entry[] {
  const left = edit.entries().filter((entry) => isContent(entry) && entry.recordedBy === leaves);
  edit.withdraw(left);
  return left;
}

/** Whether an entry is there and part of an extract: Patient and choices stay with the patient. */
export function isContent(entry: Entry): boolean {
  return !entry.withdrawn && entry.type !== 'Patient' && entry.type !== 'Consent';
}

/** The Patient of a record whose practice has not written: it says who it is about, and no more. */
export function unregisteredPatient({ recordId, nhsNumber }: Identity): Draft {
  const identifier = [{ system: NHS_NUMBER, value: nhsNumber }];
  const resource: JsonObject = { resourceType: 'Patient', id: recordId, identifier };
  return { id: recordId, type: 'Patient', resource, facts: { labels: [], codes: [], refs: [] } };
}
