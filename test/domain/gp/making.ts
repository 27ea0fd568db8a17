import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { applySubmission, type Change } from '../../../src/domain/gp/apply-submission.ts';
import { readSubmission } from '../../../src/domain/gp/read-submission.ts';
import type { Submission } from '../../../src/domain/gp/submission.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import type { Naming } from '../../../src/domain/record/naming.ts';
import type { Result } from '../../../src/domain/result.ts';
import { submissionOf } from '../../support/requests.ts';

/** The moment of the first submission, unless a test says otherwise. */
export const NOW = Date.parse('2026-03-02T12:00:00.000Z');

const hashed = (text: string, digits: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);

/** Ids by hash, without a secret. */
export const NAMING: Naming = {
  recordId: (nhsNumber) => hashed(nhsNumber, 24),
  entryId: (recordId, key) => `${recordId}-${hashed(key, 24)}`,
  versionId: (...parts) => hashed(JSON.stringify(parts), 16),
  digest: (text) => hashed(text, 32),
  sign: (text) => hashed(`signed ${text}`, 32),
};

let fresh = 0;

/** Time and ids at a moment. */
export function makingAt(now: number) {
  return { now, naming: NAMING, rules: 'rules', freshId: () => `fragment-${++fresh}` };
}

/** What a record Bundle is read as; throws when it is refused. */
export function submission(bundle: object): Submission {
  const read = readSubmission(submissionOf(bundle) as JsonObject);
  if (!read.ok) throw new Error(JSON.stringify(read.problem.issues));
  return read.value;
}

/** Who submits what, and when. */
export interface Sending {
  readonly by?: string;
  readonly role?: 'gp-system' | 'care-system';
  readonly at?: number;
}

/** What a record Bundle makes of a record. */
export function attempt(
  current: CareRecord | null,
  bundle: object,
  { by = 'A81001', role = 'gp-system', at = NOW }: Sending = {},
): Result<Change> {
  const submitter = { organization: by, isPractice: role === 'gp-system' };
  return applySubmission(current, submission(bundle), submitter, makingAt(at));
}

/** As `attempt`, for one that must be taken. */
export function taken(current: CareRecord | null, bundle: object, sending?: Sending): Change {
  const result = attempt(current, bundle, sending);
  if (!result.ok) throw new Error(JSON.stringify(result.problem.issues));
  return result.value;
}

/** The one entry of this type (and organisation) in a record. */
export function entryOf(record: CareRecord, type: string, by?: string): Entry {
  const found = record.entries.filter(
    (each) => each.type === type && (by === undefined || each.recordedBy === by),
  );
  const [entry] = found;
  if (entry === undefined || found.length > 1) throw new Error(`${found.length} of ${type}`);
  return entry;
}

/** The text of an entry, as a resource. */
export function resourceOf({ fragments }: Change, { text }: Entry): JsonObject {
  const bytes = fragments.find((each) => each.id === text.fragment)?.bytes;
  return JSON.parse(new TextDecoder().decode(bytes?.subarray(text.start, text.end)));
}
