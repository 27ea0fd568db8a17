import { allows } from '../domain/access/scope.ts';
import { scopesInForce } from '../domain/access/scope-level.ts';
import { aheadRefusal } from '../domain/consent/choice-authority.ts';
import { choicesInForce } from '../domain/consent/choices-in-force.ts';
import { disclose } from '../domain/consent/disclose.ts';
import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import { isMasked } from '../domain/consent/rules/dissent.ts';
import type { Instant } from '../domain/fhir/instant.ts';
import { applyEdits, type EditOutcome, type EditsMade } from '../domain/gp/edits/apply-edits.ts';
import type { Edit } from '../domain/gp/edits/edit.ts';
import { neededTexts } from '../domain/gp/edits/needed-texts.ts';
import { type WhoseRecord, whoseRecord } from '../domain/gp/edits/whose-record.ts';
import type { Problem } from '../domain/problem.ts';
import type { CareRecord, Entry } from '../domain/record/care-record.ts';
import { type Failure, fail, type Result, succeed } from '../domain/result.ts';
import { type Attempt, commitChange, commitOf, rehearseChange } from './commit-change.ts';
import type { Call, Context } from './context.ts';
import { dissentRefusal } from './dissent-refusal.ts';
import { storedResources, textsOf } from './edit-texts.ts';
import { patientNaming } from './patient-naming.ts';
import type { Answer } from './released.ts';

/** Edits that belong together, as they were understood. */
export interface EditsAsked {
  readonly edits: readonly Edit[];
  /** `Bundle.timestamp` of a transaction; null when there is none. */
  readonly timestamp: Instant | null;
}

/** What came of them. */
export interface EditsDone {
  readonly recordId: string;
  /** Whether there was a commit, with its audit entry. */
  readonly committed: boolean;
  readonly outcomes: readonly EditOutcome[];
  /** One for each edit, in their order. */
  readonly answers: readonly Answer[];
}

/**
 * Makes edits to one patient's record in one atomic commit with its audit entry, or none of them.
 * A system may do by these what it may do by a submission (contract, section 3): the same practices
 * and services, the same dissent. Fails as `applyEdits` does.
 */
export async function editRecord(
  context: Context,
  call: Call,
  asked: EditsAsked,
): Promise<Result<EditsDone>> {
  const editing = editingOf(context, call, asked);
  if (!editing.ok) return editing;
  const { recordId } = editing.value;
  const done = await commitChange(context, recordId, (current) => editing.value.attempt(current));
  if (!done.ok) return done;
  const { value: made, committed } = done.value;
  const answers = await answersOf(context, call, recordId, made);
  return succeed({ recordId, committed, outcomes: made.outcomes, answers });
}

/** Why these edits would be refused now, were they made; null when they would not. */
export async function rehearseEdits(
  context: Context,
  call: Call,
  asked: EditsAsked,
): Promise<Problem | null> {
  const editing = editingOf(context, call, asked);
  if (!editing.ok) return editing.problem;
  const { recordId } = editing.value;
  return rehearseChange(context, recordId, (current) => editing.value.attempt(current));
}

/** The edits with the one record that they are about. */
function editingOf(context: Context, call: Call, asked: EditsAsked): Result<Editing> {
  const reading = { naming: patientNaming(context), now: context.clock.now() };
  const whose = whoseRecord(asked.edits, reading);
  return whose.ok ? succeed(new Editing(context, call, asked, whose.value)) : whose;
}

class Editing {
  readonly #context: Context;
  readonly #call: Call;
  readonly #asked: EditsAsked;
  readonly #whose: WhoseRecord;

  constructor(context: Context, call: Call, asked: EditsAsked, whose: WhoseRecord) {
    this.#context = context;
    this.#call = call;
    this.#asked = asked;
    this.#whose = whose;
  }

  get recordId(): string {
    return this.#whose.recordId;
  }

  async attempt(current: CareRecord | null): Promise<Result<Attempt<EditsMade>>> {
    const { clock } = this.#context;
    const now = clock.now();
    const view = this.#viewOf(current, now);
    const { edits } = this.#asked;
    const made = applyEdits(edits, await this.#situation(current, view, now));
    if (!made.ok) return this.#about(made.problem);
    const { edited, leftPractice } = made.value;
    if (edited === null) return succeed({ commit: null, value: made.value });
    const choices = edited.changed.map((entry) => entry.choice);
    const refusal = aheadRefusal(choices, now) ?? dissentRefusal(current, edited.record, true, now);
    if (refusal !== null) return this.#about(refusal);
    const commit = commitOf(this.#context, this.#call, { current, edited, leftPractice });
    return succeed({ commit, value: made.value });
  }

  /** What the caller can change; scopes to read are needed to be shown it, not to change it. */
  #viewOf(current: CareRecord | null, now: number): DisclosedRecord | null {
    const { caller } = this.#call;
    const level = { level: 'system', type: '*', permissions: 'r' } as const;
    const reader = { ...caller, scopes: [...caller.scopes, level] };
    const requester = { caller: reader, claims: [] };
    const disclosure = disclose(current, requester, this.#context.rules, now);
    return disclosure.outcome === 'disclosed' ? disclosure.view : null;
  }

  async #situation(current: CareRecord | null, view: DisclosedRecord | null, now: number) {
    const { context, caller } = { context: this.#context, caller: this.#call.caller };
    const { recordId, nhsNumber } = this.#whose;
    const { organization } = caller;
    const naming = context.names;
    const reading = { naming: patientNaming(context), now };
    const stored = await storedResources(context, view, neededTexts(this.#asked.edits));
    const visible = view?.entries ?? [];
    const gone = view?.gone ?? [];
    const choices = choicesInForce(current?.entries ?? [], now);
    return {
      holdings: { current, recordId, organization, naming, reading, visible, gone, stored },
      nhsNumber,
      submitter: { organization, isPractice: caller.role === 'gp-system' },
      timestamp: this.#asked.timestamp,
      making: { now, naming, rules: context.presenting, freshId: () => context.ids.fresh() },
      mustRenew: (entry: Entry) =>
        current !== null && isMasked(entry, { record: current, choices }),
    };
  }

  #about(what: Problem): Failure {
    return fail({ ...what, audit: { patient: this.#whose.recordId, rules: [] } });
  }
}

/** The answer of each edit, with the texts of what it wrote or found. */
async function answersOf(
  context: Context,
  call: Call,
  recordId: string,
  { outcomes, edited }: EditsMade,
): Promise<readonly Answer[]> {
  const shown = outcomes.map((outcome) => (mayShow(call, outcome) ? outcome.entry : null));
  const entries = shown.filter((entry) => entry !== null);
  const texts = await textsOf(context, recordId, entries, edited?.fragments ?? []);
  return outcomes.map((outcome, index) => {
    const text = shown[index] === null ? undefined : texts.get(shown[index]?.id ?? '');
    return answerOf(outcome, recordId, text);
  });
}

/** What was just sent may be said back; what was there before needs a scope to read it. */
function mayShow({ caller }: Call, { edit, result }: EditOutcome): boolean {
  const sent = edit.action === 'create' || edit.action === 'update';
  if (sent && result !== 'existing') return true;
  return allows(scopesInForce(caller, caller.scopes), edit.type, 'r');
}

function answerOf(
  { edit, result, entry }: EditOutcome,
  recordId: string,
  text: Uint8Array | undefined,
): Answer {
  if (result === 'withdrawn') return { status: 'no-content', body: [] };
  if (result === 'identified' || entry === null) {
    return { status: 'ok', body: [], location: `Patient/${recordId}` };
  }
  const isNew = edit.action === 'create' ? result !== 'existing' : result === 'created';
  return {
    status: isNew ? 'created' : 'ok',
    body: text === undefined ? [] : [text],
    versionId: entry.versionId,
    lastUpdated: entry.lastUpdated,
    location: `${entry.type}/${entry.id}`,
  };
}
