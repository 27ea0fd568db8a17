import type { Alert } from '../domain/alert.ts';
import {
  aheadRefusal,
  choiceRefusal,
  mayRecordChoices,
} from '../domain/consent/choice-authority.ts';
import { disclose } from '../domain/consent/disclose.ts';
import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import type { Requester } from '../domain/consent/rule.ts';
import { type VersionCondition, versionRefusal } from '../domain/fhir/version-condition.ts';
import { GONE, NOTHING_FOUND, type Problem, problem } from '../domain/problem.ts';
import type { CareRecord, Entry } from '../domain/record/care-record.ts';
import { RecordEdit } from '../domain/record/record-edit.ts';
import type { Draft } from '../domain/record/write-entry.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import { type Attempt, commitChange, commitOf, rehearseChange } from './commit-change.ts';
import type { Call, Context } from './context.ts';
import { auditedVersion } from './entry-texts.ts';
import { liveClaims } from './open-record.ts';
import { release, releaseCommitted } from './release.ts';
import type { Answer, Released } from './released.ts';

/** A change of one choice. */
export interface ChoiceChange {
  readonly does: 'create' | 'update' | 'patch' | 'delete';
  readonly recordId: string;
  readonly id: string;
  readonly ifMatch: VersionCondition | null;
  /** What the Consent is to be; null when it is to be withdrawn. */
  draft(view: DisclosedRecord): Promise<Result<Draft | null>>;
}

/**
 * Records a change of one choice in one commit with its audit entry. `forbidden` where the choice
 * is not this caller's to record; `not-found` and `gone` for what is not there for them.
 */
export async function recordChoice(
  context: Context,
  call: Call,
  change: ChoiceChange,
): Promise<Result<Released>> {
  const { recordId } = change;
  const recording = await recordingOf(context, call, change);
  const done = await commitChange(context, recordId, (current) => recording.attempt(current));
  if (!done.ok) return done;
  const { answer, entry, alert } = done.value.value;
  if (done.value.committed) return releaseCommitted(answer);
  const entities = entry === null ? [] : [auditedVersion(entry)];
  const details = { patient: recordId, entities, entityNames: ['Consent'], alert };
  return release(context, call, details, answer);
}

/** Why a change of one choice would be refused now, were it made; null when it would not. */
export async function rehearseChoice(
  context: Context,
  call: Call,
  change: ChoiceChange,
): Promise<Problem | null> {
  const recording = await recordingOf(context, call, change);
  return rehearseChange(context, change.recordId, (current) => recording.attempt(current));
}

async function recordingOf(context: Context, call: Call, change: ChoiceChange): Promise<Recording> {
  const claims = await liveClaims(context, call, change.recordId);
  return new Recording(context, call, { caller: call.caller, claims }, change);
}

interface Recorded {
  readonly answer: Answer;
  /** Null when there was nothing to withdraw. */
  readonly entry: Entry | null;
  /** Of the access that recording it took. */
  readonly alert: Alert | null;
}

/** What the door let through for it. */
interface Opened {
  readonly view: DisclosedRecord;
  readonly alert: Alert | null;
}

class Recording {
  readonly #context: Context;
  readonly #call: Call;
  readonly #requester: Requester;
  readonly #change: ChoiceChange;

  constructor(context: Context, call: Call, requester: Requester, change: ChoiceChange) {
    this.#context = context;
    this.#call = call;
    this.#requester = requester;
    this.#change = change;
  }

  async attempt(current: CareRecord | null): Promise<Result<Attempt<Recorded>>> {
    const now = this.#context.clock.now();
    const disclosure = disclose(current, this.#requester, this.#context.rules, now);
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    if (current === null || disclosure.view === null) return this.#unknown();
    if (!mayRecordChoices(current, this.#requester)) return this.#about(NOT_YOURS);
    const { view, alert } = disclosure;
    const { does, id, ifMatch } = this.#change;
    const previous = view.entries.find((each) => each.id === id && each.type === 'Consent');
    const mismatch = versionRefusal(ifMatch, previous?.versionId ?? null);
    if (mismatch !== null) return this.#about(mismatch);
    if (does !== 'create' && previous === undefined) return this.#absent(view);
    const draft = await this.#change.draft(view);
    if (!draft.ok) return this.#about(draft.problem);
    const refusal = this.#refusal(current, draft.value, previous);
    if (refusal !== null) return this.#about(refusal);
    return succeed(await this.#write(current, draft.value, previous, { view, alert }));
  }

  /** For staff elsewhere an unknown patient and somebody else's look the same. */
  #unknown(): Result<Attempt<Recorded>> {
    if (this.#change.does === 'delete') return succeed(NOTHING_WITHDRAWN);
    const staff = this.#call.caller.role === 'practice-staff';
    return this.#about(staff && this.#change.does === 'create' ? NOT_YOURS : NOTHING_FOUND);
  }

  #absent(view: DisclosedRecord): Result<Attempt<Recorded>> {
    const { does, id } = this.#change;
    if (does === 'delete') return succeed(NOTHING_WITHDRAWN);
    const gone = view.gone.some((each) => each.id === id && each.type === 'Consent');
    return this.#about(gone ? GONE : NOTHING_FOUND);
  }

  /** Whoever changes a choice must have been allowed to make both the old one and the new one. */
  #refusal(record: CareRecord, draft: Draft | null, previous: Entry | undefined): Problem | null {
    for (const choice of [previous?.choice, draft?.facts.choice]) {
      const refusal = choice && choiceRefusal(record, this.#requester, choice);
      if (refusal) return refusal;
    }
    return aheadRefusal([draft?.facts.choice], this.#context.clock.now());
  }

  async #write(
    current: CareRecord,
    draft: Draft | null,
    previous: Entry | undefined,
    { view, alert }: Opened,
  ): Promise<Attempt<Recorded>> {
    const edit = new RecordEdit(current, this.#recorder(draft, current), {
      now: this.#context.clock.now(),
      naming: this.#context.names,
      rules: this.#context.presenting,
      freshId: () => this.#context.ids.fresh(),
    });
    if (draft === null) edit.withdraw(previous === undefined ? [] : [previous]);
    else if (edit.put(draft) === 'unchanged' && previous !== undefined) {
      const answer = await this.#storedAnswer(view, previous);
      return { commit: null, value: { entry: previous, answer, alert } };
    }
    const edited = edit.finish(current);
    const [entry] = edited.changed;
    if (entry === undefined) throw new Error('INVARIANT: a choice that changed is an entry');
    const commit = commitOf(this.#context, this.#call, { current, edited, alert });
    const answer = this.#answer(entry, edited.fragments[0]?.bytes ?? null);
    return { commit, value: { entry, answer, alert } };
  }

  /** A choice that the patient records themselves belongs to the organisation that it is about. */
  #recorder(draft: Draft | null, current: CareRecord): string {
    const { role, organization } = this.#call.caller;
    if (role !== 'patient') return organization;
    return draft?.facts.choice?.organization ?? current.practice ?? '';
  }

  async #storedAnswer(view: Opened['view'], entry: Entry): Promise<Answer> {
    const fragments = await this.#context.store.fragments(view.patientId, [entry.text.fragment]);
    const bytes = fragments.get(entry.text.fragment);
    if (bytes === undefined) throw new Error('INVARIANT: a record’s fragments are in the store');
    return this.#answer(entry, bytes.subarray(entry.text.start, entry.text.end));
  }

  #answer(entry: Entry, text: Uint8Array | null): Answer {
    if (entry.withdrawn || text === null) return NOTHING_WITHDRAWN.value.answer;
    const { versionId, lastUpdated } = entry;
    const common = { body: [text], versionId, lastUpdated };
    if (this.#change.does !== 'create') return { status: 'ok', ...common };
    return { status: 'created', location: `Consent/${entry.id}`, ...common };
  }

  #about(what: Problem): Result<never> {
    return fail({ ...what, audit: { patient: this.#change.recordId, rules: [] } });
  }
}

/** What was asked for is so: there is no such Consent, and the answer says no more. */
const NOTHING_WITHDRAWN = {
  commit: null,
  value: { answer: { status: 'no-content', body: [] }, entry: null, alert: null },
} as const;
const NOT_YOURS = problem(
  'forbidden',
  'forbidden',
  'Choices are recorded by the registered practice’s staff, and the patient is not known to be registered here.',
);
