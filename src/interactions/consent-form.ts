import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import { identifierCodeOf, objectAt, textAt, tokenOf } from '../domain/fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../domain/fhir/json.ts';
import {
  type PatientNaming,
  patientIdOf,
  recordIdOfToken,
} from '../domain/fhir/patient-reference.ts';
import { unversioned } from '../domain/fhir/references.ts';
import { ODS_CODE } from '../domain/fhir/systems.ts';
import { contentIssues } from '../domain/gp/check-content.ts';
import { type Issue, problem, problems } from '../domain/problem.ts';
import { labelsOf } from '../domain/record/entry-facts.ts';
import { readChoice } from '../domain/record/read-choice.ts';
import type { Draft } from '../domain/record/write-entry.ts';
import { fail, type Result, succeed } from '../domain/result.ts';

/** A Consent as it was sent, as far as it can be understood without the record. */
export interface ConsentForm {
  /** The id of the Consent to be changed; null for a new one. */
  readonly id: string | null;
  readonly recordId: string;
  readonly resource: JsonObject;
}

/** Reads the body of a Consent create (`id` null) or update; `invalid` names every fault. */
export function readConsentForm(
  body: Json,
  id: string | null,
  naming: PatientNaming,
): Result<ConsentForm> {
  if (!isObject(body) || body.resourceType !== 'Consent') {
    return fail(problem('invalid', 'structure', 'A Consent is expected.', 'resourceType'));
  }
  if (id !== null && body.id !== id) {
    const words = 'The id must be that of the request.';
    return fail(problem('malformed', 'value', words, 'Consent.id'));
  }
  const issues: Issue[] = [...contentIssues(body, 'Consent')];
  const told = new Set(issues.map(({ expression }) => expression));
  issues.push(...choiceIssues(body).filter(({ expression }) => !told.has(expression)));
  const recordId = recordIdIn(body, naming);
  if (recordId === null) {
    const diagnostics = 'The patient is needed, as Patient/[id] or by NHS number.';
    issues.push({ code: 'value', diagnostics, expression: 'Consent.patient' });
  }
  if (issues.length > 0 || recordId === null) return fail(problems('invalid', issues));
  return succeed({ id, recordId, resource: body });
}

/** What keeps a Consent from being a choice, whatever the record holds: all is told at once. */
function choiceIssues(consent: JsonObject): readonly Issue[] {
  return readChoice(consent, 'Consent', {
    organization: (reference) => identifierCodeOf(reference, ODS_CODE),
    entry: () => '',
  }).issues;
}

function recordIdIn(consent: JsonObject, naming: PatientNaming): string | null {
  const reference = objectAt(consent, 'patient') ?? {};
  const literal = textAt(reference, 'reference');
  if (literal !== null) return patientIdOf(unversioned(literal), naming);
  const identifier = objectAt(reference, 'identifier');
  const token = identifier && tokenOf(identifier, 'value');
  return token === null ? null : recordIdOfToken(token, naming);
}

/**
 * The Consent under its id in the record, with what it says as a choice. Names only entries that
 * the caller may see: any other is no entry to them.
 */
export function draftOf(form: ConsentForm, id: string, view: DisclosedRecord): Result<Draft> {
  const { choice, issues } = readChoice(form.resource, 'Consent', {
    organization: (reference) => identifierCodeOf(reference, ODS_CODE),
    entry: (reference) => {
      const literal = unversioned(textAt(reference, 'reference') ?? '');
      return view.entries.find((entry) => `${entry.type}/${entry.id}` === literal)?.id ?? null;
    },
  });
  if (choice === null) return fail(problems('invalid', issues));
  const refs = choice.names;
  const facts = { labels: labelsOf(form.resource), codes: [], refs, choice };
  return succeed({ id, type: 'Consent', resource: form.resource, facts });
}
