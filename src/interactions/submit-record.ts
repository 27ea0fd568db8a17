import { allowsAll } from '../domain/access/scope.ts';
import { scopesInForce } from '../domain/access/scope-level.ts';
import { aheadRefusal } from '../domain/consent/choice-authority.ts';
import { type Json, writeJson } from '../domain/fhir/json.ts';
import { sectionOf } from '../domain/fhir/resource-types.ts';
import { applySubmission, type Change } from '../domain/gp/apply-submission.ts';
import { readSubmission } from '../domain/gp/read-submission.ts';
import type { Submission } from '../domain/gp/submission.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { CareRecord } from '../domain/record/care-record.ts';
import type { Receipt, SubmissionAnswer } from '../domain/record/receipt.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { RecordCommit } from '../ports/record-commit.ts';
import { type Attempt, commitChange, commitOf } from './commit-change.ts';
import type { Call, Context } from './context.ts';
import { dissentRefusal } from './dissent-refusal.ts';
import type { Interaction } from './perform.ts';
import { release, releaseCommitted } from './release.ts';
import { submissionAnswer } from './submission-answer.ts';

/**
 * `$submit-record` (contract, section 3): replaces an organisation's extract in one atomic commit.
 * `invalid` names every fault; `forbidden` for a dissenting patient, a practice that the patient
 * has left or a scope that does not reach; `conflict` for what was overtaken, or for an identifier
 * that was used for other content. The same submission again gets the same answer.
 */
export function submitRecord(body: Json): Interaction {
  return async (context, call) => {
    const read = readSubmission(body);
    if (!read.ok) return read;
    const denial = scopeDenial(call, read.value);
    if (denial !== null) return fail(denial);
    const recordId = context.names.recordId(read.value.nhsNumber);
    const submitting = new Submitting(context, call, read.value, recordId, body);
    const done = await commitChange(context, recordId, (current) => submitting.attempt(current));
    if (!done.ok) return done;
    const answer = { status: 'ok' as const, body: submissionAnswer(done.value.value) };
    if (done.value.committed) return releaseCommitted(answer);
    return release(context, call, { patient: recordId }, answer);
  };
}

function scopeDenial({ caller }: Call, submission: Submission): Problem | null {
  const types = [submission.patient, ...submission.resources].map((each) => each.type);
  if (allowsAll(scopesInForce(caller, caller.scopes), new Set(types), ['c', 'u'])) return null;
  const words = 'The scopes must allow create and update of every resource type in the record.';
  return problem('forbidden', 'forbidden', words);
}

class Submitting {
  readonly #context: Context;
  readonly #call: Call;
  readonly #submission: Submission;
  readonly #recordId: string;
  readonly #body: Json;
  #contentDigest: string | null = null;

  constructor(context: Context, call: Call, submission: Submission, recordId: string, body: Json) {
    this.#context = context;
    this.#call = call;
    this.#submission = submission;
    this.#recordId = recordId;
    this.#body = body;
  }

  async attempt(current: CareRecord | null): Promise<Result<Attempt<SubmissionAnswer>>> {
    const receipt = await this.#earlierReceipt();
    if (receipt !== null) return this.#again(receipt);
    const { caller } = this.#call;
    const submitter = {
      organization: caller.organization,
      isPractice: caller.role === 'gp-system',
    };
    const now = this.#context.clock.now();
    const change = applySubmission(current, this.#submission, submitter, {
      now,
      naming: this.#context.names,
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

  /** Of what was sent; only submissions with an identifier are asked for it. */
  #content(): string {
    this.#contentDigest ??= this.#context.names.digest(writeJson(this.#body));
    return this.#contentDigest;
  }

  #again(receipt: Receipt): Result<Attempt<SubmissionAnswer>> {
    if (receipt.content !== this.#content()) return this.#about(REUSED);
    return succeed({ commit: null, value: receipt.answer });
  }

  #receiptKey(): string | null {
    const { identifier } = this.#submission;
    if (identifier === null) return null;
    return this.#context.names.digest(`${this.#call.caller.organization}|${identifier}`);
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

const REUSED = problem(
  'conflict',
  'duplicate',
  'This Bundle.identifier was used for other content before.',
  "Parameters.parameter.where(name='record').resource.identifier",
);
