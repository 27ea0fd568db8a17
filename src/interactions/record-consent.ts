import { choiceRefusal, mayRecordChoices } from '../domain/consent/choice-authority.ts';
import { disclose } from '../domain/consent/disclose.ts';
import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import type { Requester } from '../domain/consent/rule.ts';
import { markDissent } from '../domain/consent/rules/dissent.ts';
import type { Json } from '../domain/fhir/json.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import { NOTHING_FOUND, type Problem, problem } from '../domain/problem.ts';
import type { CareRecord, Entry } from '../domain/record/care-record.ts';
import { Packer } from '../domain/record/pack.ts';
import { type Draft, writeEntry } from '../domain/record/write-entry.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import { type Attempt, changeEntry, commitChange } from './commit-change.ts';
import { type ConsentForm, draftOf, readConsentForm } from './consent-form.ts';
import type { Call, Context } from './context.ts';
import { liveClaims } from './open-record.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';
import { release, releaseCommitted } from './release.ts';
import type { Answer } from './released.ts';

/**
 * `create` of a Consent (http://hl7.org/fhir/R4/http.html#create): records a patient's choice.
 * `invalid` names every fault; `forbidden` where the choice is not this caller's to record;
 * `not-found` for a patient who is hidden from the caller or unknown.
 */
export function createConsent(body: Json): Interaction {
  return recordChoice(body, null);
}

/**
 * `update` of a Consent (http://hl7.org/fhir/R4/http.html#update): the earlier version is kept. Fails
 * as `createConsent`; `not-found` too for a Consent that is not there for the caller.
 */
export function updateConsent(id: string, body: Json): Interaction {
  return recordChoice(body, id);
}

function recordChoice(body: Json, id: string | null): Interaction {
  return async (context, call) => {
    const form = readConsentForm(body, id, patientNaming(context));
    if (!form.ok) return form;
    const { recordId } = form.value;
    const requester = { caller: call.caller, claims: await liveClaims(context, call, recordId) };
    const recording = new Recording(context, call, requester, form.value);
    const done = await commitChange(context, recordId, (current) => recording.attempt(current));
    if (!done.ok) return done;
    const { answer, entry } = done.value.value;
    if (done.value.committed) return releaseCommitted(answer);
    const version = `Consent/${entry.id}/_history/${entry.versionId}`;
    const details = { patient: recordId, entities: [version], entityNames: ['Consent'] };
    return release(context, call, details, answer);
  };
}

interface Recorded {
  readonly answer: Answer;
  readonly entry: Entry;
}

class Recording {
  readonly #context: Context;
  readonly #call: Call;
  readonly #requester: Requester;
  readonly #form: ConsentForm;
  readonly #id: string;

  constructor(context: Context, call: Call, requester: Requester, form: ConsentForm) {
    this.#context = context;
    this.#call = call;
    this.#requester = requester;
    this.#form = form;
    // The id of a new Consent is made once: the attempt may be made many times.
    this.#id = form.id ?? context.names.entryId(form.recordId, `Consent#${context.ids.fresh()}`);
  }

  async attempt(current: CareRecord | null): Promise<Result<Attempt<Recorded>>> {
    const now = this.#context.clock.now();
    const disclosure = disclose(current, this.#requester, this.#context.rules, now);
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    if (current === null || disclosure.view === null) return this.#unknown();
    if (!mayRecordChoices(current, this.#requester)) return this.#about(NOT_YOURS);
    const previous = disclosure.view.entries.find((entry) => entry.id === this.#form.id);
    if (this.#form.id !== null && previous?.type !== 'Consent') return this.#about(NOTHING_FOUND);
    const draft = draftOf(this.#form, this.#id, disclosure.view);
    if (!draft.ok) return draft;
    const refusal = this.#refusal(current, draft.value, previous);
    if (refusal !== null) return this.#about(refusal);
    return succeed(await this.#write(current, draft.value, previous, disclosure.view, now));
  }

  /** For staff elsewhere an unknown patient and somebody else's look the same. */
  #unknown(): Result<never> {
    const staff = this.#call.caller.role === 'practice-staff';
    return this.#about(staff && this.#form.id === null ? NOT_YOURS : NOTHING_FOUND);
  }

  /** Whoever changes a choice must have been allowed to make both the old one and the new one. */
  #refusal(record: CareRecord, draft: Draft, previous: Entry | undefined): Problem | null {
    for (const choice of [previous?.choice, draft.facts.choice]) {
      const refusal = choice && choiceRefusal(record, this.#requester, choice);
      if (refusal) return refusal;
    }
    return null;
  }

  async #write(
    current: CareRecord,
    draft: Draft,
    previous: Entry | undefined,
    view: DisclosedRecord,
    now: number,
  ): Promise<Attempt<Recorded>> {
    const packer = new Packer(() => this.#context.ids.fresh());
    const { entry, change } = writeEntry(draft, previous, {
      organization: this.#recorder(draft, current),
      now: new Date(now).toISOString(),
      version: current.version + 1,
      naming: this.#context.names,
      packer,
    });
    if (change === 'unchanged') {
      return { commit: null, value: { entry, answer: await this.#storedAnswer(view, entry) } };
    }
    const [fragment] = packer.fragments();
    if (fragment === undefined) throw new Error('INVARIANT: a new text is in a fragment');
    const record = this.#nextRecord(current, entry, now);
    const audit = [changeEntry(this.#context, this.#call, record.id, [entry])];
    return {
      commit: {
        record,
        fragments: [fragment],
        receipt: null,
        termsAdded: [],
        termsRemoved: [],
        audit,
      },
      value: { entry, answer: this.#answer(entry, fragment.bytes) },
    };
  }

  /** A choice that the patient records themselves belongs to the organisation that it is about. */
  #recorder(draft: Draft, current: CareRecord): string {
    const { role, organization } = this.#call.caller;
    if (role !== 'patient') return organization;
    return draft.facts.choice?.organization ?? current.practice ?? '';
  }

  #nextRecord(current: CareRecord, entry: Entry, now: number): CareRecord {
    const others = current.entries.filter((each) => each.id !== entry.id);
    const next: CareRecord = {
      ...current,
      version: current.version + 1,
      committedAt: new Date(now).toISOString(),
      entries: [...others, entry],
    };
    return markDissent(current, next, now);
  }

  async #storedAnswer(view: DisclosedRecord, entry: Entry): Promise<Answer> {
    const fragments = await this.#context.store.fragments(view.patientId, [entry.text.fragment]);
    const bytes = fragments.get(entry.text.fragment);
    if (bytes === undefined) throw new Error('INVARIANT: a record’s fragments are in the store');
    return this.#answer(entry, bytes.subarray(entry.text.start, entry.text.end));
  }

  #answer(entry: Entry, text: Uint8Array): Answer {
    const { versionId, lastUpdated } = entry;
    const common = { body: [text], versionId, lastUpdated };
    if (this.#form.id !== null) return { status: 'ok', ...common };
    return { status: 'created', location: `Consent/${entry.id}`, ...common };
  }

  #about(what: Problem): Result<never> {
    return fail({ ...what, audit: { patient: recordIdOf(this.#form.recordId), rules: [] } });
  }
}

const NOT_YOURS = problem(
  'forbidden',
  'forbidden',
  'Choices are recorded by the registered practice’s staff, and the patient is not known to be registered here.',
);
