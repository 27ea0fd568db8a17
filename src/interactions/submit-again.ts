import { recordHeader } from '../domain/gp/read-submission.ts';
import { repeatSubmission } from '../domain/gp/repeat-submission.ts';
import {
  contentDigest,
  likelyNhsNumber,
  type SubmissionBody,
} from '../domain/gp/submission-body.ts';
import type { CareRecord, ExtractMark } from '../domain/record/care-record.ts';
import type { SubmissionAnswer } from '../domain/record/receipt.ts';
import { type Result, succeed } from '../domain/result.ts';
import { type Attempt, commitChange, commitOf, type Seen } from './commit-change.ts';
import type { Call, Context } from './context.ts';
import { dissentRefusal } from './dissent-refusal.ts';
import { releaseCommitted } from './release.ts';
import type { Released } from './released.ts';
import { submissionAnswer } from './submission-answer.ts';
import { mayBring, receiptKey, submitterOf } from './submitter.ts';

/** The record of the patient that a body looks to be about. */
export interface LikelyRecord extends Seen {
  readonly nhsNumber: string;
  readonly recordId: string;
}

/** An extract that the caller's organisation has sent before, and the record that it is in. */
export interface KnownExtract extends ExtractMark {
  readonly record: LikelyRecord;
}

/** Looks up the record that a body seems to be about; null where it names no patient at all. */
export async function likelyRecord(
  { names, store }: Context,
  text: string,
): Promise<LikelyRecord | null> {
  const nhsNumber = likelyNhsNumber(text);
  if (nhsNumber === null) return null;
  const recordId = names.recordId(nhsNumber);
  return { nhsNumber, recordId, current: await store.currentRecord(recordId) };
}

/**
 * The last extract of the caller's organisation in a record, if it was read by today's rules; null
 * otherwise. Nothing is decided by it but what to compare with.
 */
export function knownExtract(
  { reading }: Context,
  { caller }: Call,
  record: LikelyRecord | null,
): KnownExtract | null {
  const mark = record?.current?.sources[caller.organization]?.extract;
  if (record === null || mark === undefined || mark.reading !== reading) return null;
  return { ...mark, record };
}

/**
 * Takes a submission whose entries are known, without reading them again; null when that would not
 * come to the same as reading them, and for whatever may be refused. Then nothing was done.
 */
export async function submitAgain(
  context: Context,
  call: Call,
  body: SubmissionBody,
  known: KnownExtract,
): Promise<Result<Released> | null> {
  const header = recordHeader(body.json);
  if (header === null || !mayBring(call, known.types)) return null;
  const { identifier, timestamp } = header;
  const { recordId } = known.record;
  const key = receiptKey(context, call, identifier);
  if (key !== null && known.content === null) return null;
  const content = contentDigest(body, known.content ?? '', context.names.digest);

  async function attempt(
    current: CareRecord | null,
  ): Promise<Result<Attempt<SubmissionAnswer | null>>> {
    const now = context.clock.now();
    const isNew = key === null || (await context.store.receipt(recordId, key)) === null;
    const change =
      isNew && current !== null
        ? repeatSubmission(current, { mark: known, timestamp }, submitterOf(call), now)
        : null;
    if (change === null || dissentRefusal(current, change.record, true, now) !== null) {
      return succeed({ commit: null, value: null });
    }
    const receipt = key === null ? null : { key, content, answer: change.answer };
    const commit = commitOf(context, call, { current, edited: change, receipt });
    return succeed({ commit, value: change.answer });
  }

  const done = await commitChange(context, recordId, attempt, known.record);
  if (!done.ok) return done;
  const answer = done.value.value;
  if (answer === null) return null;
  return releaseCommitted({ status: 'ok', body: submissionAnswer(answer) });
}
