import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import type { Json } from '../domain/fhir/json.ts';
import { applyPatch, type Patch } from '../domain/fhir/patch/patch.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import type { VersionCondition } from '../domain/fhir/version-condition.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { Draft } from '../domain/record/write-entry.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import { draftOf, readConsentForm } from './consent-form.ts';
import type { Call, Context } from './context.ts';
import { storedResources } from './edit-texts.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';
import { type ChoiceChange, recordChoice, rehearseChoice } from './record-choice.ts';

/**
 * `create` of a Consent (http://hl7.org/fhir/R4/http.html#create): records a patient's choice.
 * `invalid` names every fault; `forbidden` where the choice is not this caller's to record;
 * `not-found` for a patient who is hidden from the caller or unknown.
 */
export function createConsent(body: Json): Interaction {
  return async (context, call) => {
    const form = readConsentForm(body, null, patientNaming(context));
    if (!form.ok) return form;
    const { recordId } = form.value;
    // Made once: the attempt may be made many times.
    const id = context.names.entryId(recordId, `Consent#${context.ids.fresh()}`);
    const draft = async (view: DisclosedRecord) => draftOf(form.value, id, view);
    return recordChoice(context, call, { does: 'create', recordId, id, ifMatch: null, draft });
  };
}

/**
 * `update` of a Consent (http://hl7.org/fhir/R4/http.html#update): the earlier version is kept.
 * Fails as `createConsent`; `not-found` or `gone` too for a Consent that is not there for the
 * caller, `precondition-failed` for another version than `ifMatch` names.
 */
export function updateConsent(
  id: string,
  ifMatch: VersionCondition | null,
  body: Json,
): Interaction {
  return async (context, call) => {
    const change = updateOf(context, id, ifMatch, body);
    return change.ok ? recordChoice(context, call, change.value) : change;
  };
}

/** Why an `update` of a Consent would be refused now, were it asked for; null when it would not. */
export async function rehearseConsentUpdate(
  context: Context,
  call: Call,
  id: string,
  body: Json,
): Promise<Problem | null> {
  const change = updateOf(context, id, null, body);
  if (!change.ok) return change.problem;
  // One record is looked at: that of the Consent.
  if (change.value.recordId !== recordIdOf(id)) return MOVED;
  return rehearseChoice(context, call, change.value);
}

function updateOf(
  context: Context,
  id: string,
  ifMatch: VersionCondition | null,
  body: Json,
): Result<ChoiceChange> {
  const form = readConsentForm(body, id, patientNaming(context));
  if (!form.ok) return form;
  const { recordId } = form.value;
  const draft = async (view: DisclosedRecord) => draftOf(form.value, id, view);
  return succeed({ does: 'update', recordId, id, ifMatch, draft });
}

/** `patch` of a Consent (http://hl7.org/fhir/R4/http.html#patch). Fails as `updateConsent`. */
export function patchConsent(
  id: string,
  ifMatch: VersionCondition | null,
  patch: Patch,
): Interaction {
  return async (context, call) => {
    const recordId = recordIdOf(id);
    const draft = async (view: DisclosedRecord): Promise<Result<Draft>> => {
      const stored = await storedResources(context, view, (entry) => entry.id === id);
      const patched = applyPatch(stored.get(id) ?? {}, patch);
      if (!patched.ok) return patched;
      const form = readConsentForm(patched.value, id, patientNaming(context));
      if (!form.ok) return form;
      return form.value.recordId === recordId ? draftOf(form.value, id, view) : fail(MOVED);
    };
    return recordChoice(context, call, { does: 'patch', recordId, id, ifMatch, draft });
  };
}

/**
 * `delete` of a Consent (http://hl7.org/fhir/R4/http.html#delete): withdraws the choice; it stays
 * in the history. The same answer for one that is not there, or hidden.
 */
export function deleteConsent(id: string, ifMatch: VersionCondition | null): Interaction {
  return (context, call) => recordChoice(context, call, removalOf(id, ifMatch));
}

/** Why a `delete` of a Consent would be refused now, were it asked for; null when it would not. */
export function rehearseConsentDelete(
  context: Context,
  call: Call,
  id: string,
): Promise<Problem | null> {
  return rehearseChoice(context, call, removalOf(id, null));
}

function removalOf(id: string, ifMatch: VersionCondition | null): ChoiceChange {
  const draft = async () => succeed(null);
  return { does: 'delete', recordId: recordIdOf(id), id, ifMatch, draft };
}

const MOVED = problem(
  'invalid',
  'invariant',
  'A Consent cannot be moved to another patient.',
  'Consent.patient',
);
