import type { Instant } from '../fhir/instant.ts';
import type { CareRecord, ExtractMark } from '../record/care-record.ts';
import type { Change } from './apply-submission.ts';
import { nextHead } from './next-head.ts';
import { type Submitter, standingOf } from './standing.ts';

/** A submission whose entries are those of the organisation's last one, character by character. */
export interface Repetition {
  /** The mark that they were known by. */
  readonly mark: ExtractMark;
  readonly timestamp: Instant | null;
}

/**
 * What `applySubmission` would make of a record, without reading the entries again: the same
 * organisation in the same standing sent them before, by the same rules, and no entry of the record
 * has changed since, whoever's it is. Null whenever that is not so, and for every refusal: then the
 * submission has to be read.
 */
export function repeatSubmission(
  current: CareRecord,
  { mark: known, timestamp }: Repetition,
  submitter: Submitter,
  now: number,
): Change | null {
  const { organization } = submitter;
  const mark = current.sources[organization]?.extract;
  if (mark === undefined || !isSame(mark, known)) return null;
  if (current.entries.some((entry) => entry.since > mark.version)) return null;
  const stated = { practice: mark.practice, timestamp };
  const found = standingOf(current, stated, submitter, now);
  if (!found.ok || found.value.registers !== mark.registers) return null;
  if (mark.registers && current.practice !== organization) return null;
  const version = current.version + 1;
  const committedAt = new Date(now).toISOString();
  const head = nextHead(current, {
    identity: { recordId: current.id, nhsNumber: current.nhsNumber },
    organization,
    standing: found.value,
    acceptedAt: committedAt,
    extract: { ...mark, version },
    patient: null,
  });
  const record = { ...head, version, committedAt, entries: current.entries };
  return {
    record,
    fragments: [],
    changed: [],
    leftPractice: null,
    answer: answerOf(record, mark, organization),
  };
}

function answerOf(
  record: CareRecord,
  { count }: ExtractMark,
  organization: string,
): Change['answer'] {
  const version = record.sources[organization]?.version ?? 0;
  return { created: 0, updated: 0, unchanged: count, withdrawn: 0, version, patient: record.id };
}

function isSame(mark: ExtractMark, known: ExtractMark): boolean {
  return (
    mark.digest === known.digest && mark.length === known.length && mark.reading === known.reading
  );
}
