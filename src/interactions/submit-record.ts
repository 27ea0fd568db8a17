import { aheadRefusal } from '../domain/consent/choice-authority.ts';
import { sectionOf } from '../domain/fhir/resource-types.ts';
import { applySubmission, type Change } from '../domain/gp/apply-submission.ts';
import { readSubmission } from '../domain/gp/read-submission.ts';
import type { Submission } from '../domain/gp/submission.ts';
import {
  contentDigest,
  extractTextOf,
  parseSubmission,
  type SubmissionBody,
} from '../domain/gp/submission-body.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { CareRecord, ExtractText } from '../domain/record/care-record.ts';
import type { Receipt, SubmissionAnswer } from '../domain/record/receipt.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { RecordCommit } from '../ports/record-commit.ts';
import { type Attempt, commitChange, commitOf } from './commit-change.ts';
import type { Call, Context } from './context.ts';
import { dissentRefusal } from './dissent-refusal.ts';
import type { Interaction } from './perform.ts';
import { release, releaseCommitted } from './release.ts';
import type { Released } from './released.ts';
import { submissionAnswer } from './submission-answer.ts';
import { knownExtract, type LikelyRecord, likelyRecord, submitAgain } from './submit-again.ts';
import { mayBring, receiptKey, submitterOf } from './submitter.ts';

/**
 * `$submit-record` (contract, section 3): replaces an organisation's extract in one atomic commit.
 * `malformed` for what is not JSON; `invalid` names every fault; `forbidden` for a dissenting
 * patient, a practice that the patient has left or a scope that does not reach; `conflict` for what
 * was overtaken, or for an identifier that was used for other content. The same submission again
 * gets the same answer.
 */
export function submitRecord(text: string): Interaction {
  return async (context, call) => {
    const digest = rememberingLast(context.names.digest);
    const record = await likelyRecord(context, text);
    const known = knownExtract(context, call, record);
    const body = parseSubmission(text, known, digest);
    if (!body.ok) return body;
    if (known === null || !body.value.isKnown) {
      const extract = extractTextOf(body.value, context.reading, digest);
      return submitAnew(context, call, { body: body.value, extract, record });
    }
    const again = await submitAgain(context, call, body.value, known);
    if (again !== null) return again;
    const whole = parseSubmission(text, null, digest);
    if (!whole.ok) return whole;
    const extract = extractTextOf(whole.value, context.reading, digest);
    return submitAnew(context, call, { body: whole.value, extract, record: null });
  };
}

/** A list of entries of this length may be compared with a known one, and then become known. */
function rememberingLast(digest: (text: string) => string): (text: string) => string {
  let last: { readonly text: string; readonly digest: string } | null = null;
  return (text) => {
    if (text !== last?.text) last = { text, digest: digest(text) };
    return last.digest;
  };
}

/** What was sent, to be read in full. */
interface Sent {
  readonly body: SubmissionBody;
  readonly extract: ExtractText | null;
  /** As it was looked up for this request; null where it is to be read anew. */
  readonly record: LikelyRecord | null;
}

async function submitAnew(
  context: Context,
  call: Call,
  { body, extract, record }: Sent,
): Promise<Result<Released>> {
  const read = readSubmission(body.json, extract);
  if (!read.ok) return read;
  const { patient, resources } = read.value;
  const types = [patient, ...resources].map((each) => each.type);
  if (!mayBring(call, types)) return fail(OUT_OF_SCOPE);
  const { nhsNumber } = read.value;
  const seen = record?.nhsNumber === nhsNumber ? record : null;
  const recordId = seen?.recordId ?? context.names.recordId(nhsNumber);
  const submitting = new Submitting(context, call, read.value, recordId, body);
  const attempt = submitting.attempt.bind(submitting);
  const done = await commitChange(context, recordId, attempt, seen);
  if (!done.ok) return done;
  const answer = { status: 'ok' as const, body: submissionAnswer(done.value.value) };
  if (done.value.committed) return releaseCommitted(answer);
  return release(context, call, { patient: recordId }, answer);
}

class Submitting {
  readonly #context: Context;
  readonly #call: Call;
  readonly #submission: Submission;
  readonly #recordId: string;
  readonly #body: SubmissionBody;

  constructor(
    context: Context,
    call: Call,
    submission: Submission,
    recordId: string,
    body: SubmissionBody,
  ) {
    this.#context = context;
    this.#call = call;
    this.#submission = submission;
    this.#recordId = recordId;
    this.#body = body;
  }

  async attempt(current: CareRecord | null): Promise<Result<Attempt<SubmissionAnswer>>> {
    const receipt = await this.#earlierReceipt();
    if (receipt !== null) return this.#again(receipt);
    const now = this.#context.clock.now();
    const change = applySubmission(current, this.#submission, submitterOf(this.#call), {
      now,
      naming: this.#context.names,
      rules: this.#context.presenting,
      freshId: () => this.#context.ids.fresh(),
    });
    if (!change.ok) return this.#about(change.problem);
    const { record } = change.value;
    const choices = change.value.changed.map((entry) => entry.choice);
    const refusal =
      aheadRefusal(choices, now) ?? dissentRefusal(current, record, this.#bringsContent(), now);
    if (refusal !== null) return this.#about(refusal);
    return succeed({ commit: this.#commit(current, change.value), value: change.value.answer });
  }

  #bringsContent(): boolean {
    return this.#submission.resources.some((each) =>
      ['core', 'additional'].includes(sectionOf(each.type)),
    );
  }

  async #earlierReceipt(): Promise<Receipt | null> {
    const key = this.#receiptKey();
    return key === null ? null : this.#context.store.receipt(this.#recordId, key);
  }

  #again(receipt: Receipt): Result<Attempt<SubmissionAnswer>> {
    if (receipt.content !== this.#content()) return this.#about(REUSED);
    return succeed({ commit: null, value: receipt.answer });
  }

  #content(): string {
    const entries = this.#submission.text?.content ?? '';
    return contentDigest(this.#body, entries, this.#context.names.digest);
  }

  #receiptKey(): string | null {
    return receiptKey(this.#context, this.#call, this.#submission.identifier);
  }

  #about(what: Problem): { readonly ok: false; readonly problem: Problem } {
    return fail({ ...what, audit: { patient: this.#recordId, rules: [] } });
  }

  #commit(current: CareRecord | null, change: Change): RecordCommit {
    const key = this.#receiptKey();
    const receipt = key === null ? null : { key, content: this.#content(), answer: change.answer };
    const { leftPractice } = change;
    return commitOf(this.#context, this.#call, { current, edited: change, leftPractice, receipt });
  }
}

const OUT_OF_SCOPE = problem(
  'forbidden',
  'forbidden',
  'The scopes must allow create and update of every resource type in the record.',
);
const REUSED = problem(
  'conflict',
  'duplicate',
  'This Bundle.identifier was used for other content before.',
  "Parameters.parameter.where(name='record').resource.identifier",
);
