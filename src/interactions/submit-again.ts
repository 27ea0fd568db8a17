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
import { type Attempt, commitChange, commitOf } from './commit-change.ts';
import type { Call, Context } from './context.ts';
import { dissentRefusal } from './dissent-refusal.ts';
import { releaseCommitted } from './release.ts';
import type { Released } from './released.ts';
import { submissionAnswer } from './submission-answer.ts';
import { mayBring, receiptKey, submitterOf } from './submitter.ts';

/** An extract that the caller's organisation has sent before, and whose. */
export interface KnownExtract extends ExtractMark {
  readonly recordId: string;
}

/**
 * The last extract of the caller's organisation for the patient that a body looks to be about, if
 * it was read by today's rules; null otherwise. Nothing is decided by it but what to compare with.
 */
export async function knownExtract(
  { names, store, reading }: Context,
  { caller }: Call,
  text: string,
): Promise<KnownExtract | null> {
  const number = likelyNhsNumber(text);
  if (number === null) return null;
  const recordId = names.recordId(number);
  const current = await store.currentRecord(recordId);
  const mark = current?.sources[caller.organization]?.extract;
  return mark === undefined || mark.reading !== reading ? null : { ...mark, recordId };
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
  const key = receiptKey(context, call, identifier);
  if (key !== null && known.content === null) return null;
  const content = contentDigest(body, known.content ?? '', context.names.digest);

  async function attempt(
    current: CareRecord | null,
  ): Promise<Result<Attempt<SubmissionAnswer | null>>> {
    const now = context.clock.now();
    const isNew = key === null || (await context.store.receipt(known.recordId, key)) === null;
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

  const done = await commitChange(context, known.recordId, attempt);
  if (!done.ok) return done;
  const answer = done.value.value;
  if (answer === null) return null;
  return releaseCommitted({ status: 'ok', body: submissionAnswer(answer) });
}
