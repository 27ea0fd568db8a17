import { objectAt, objectsAt, textAt, tokenOf } from '../fhir/elements.ts';
import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { BUNDLE_ENTRIES_MAX } from '../limits.ts';
import { type Issue, problem, problems } from '../problem.ts';
import type { ExtractText } from '../record/care-record.ts';
import { fail, type Result, succeed } from '../result.ts';
import { bundleTimestamp } from './bundle-timestamp.ts';
import { readEntries } from './read-entries.ts';
import { registeredPractice } from './registered-practice.ts';
import { checkSubjects, readNhsNumber } from './subject.ts';
import type { Submission } from './submission.ts';

const RECORD = "Parameters.parameter.where(name='record').resource";

/**
 * Reads the Parameters resource of `$submit-record` (contract, section 3): all faults at once, each
 * with its place. `invalid` when it is not a record that can be taken, `too-large` when it has too
 * many entries.
 */
export function readSubmission(body: Json, text: ExtractText | null = null): Result<Submission> {
  const bundle = recordBundle(body);
  if (bundle === null) {
    const words = 'A Parameters resource with one parameter "record", a Bundle, is expected.';
    return fail(problem('invalid', 'structure', words, 'Parameters.parameter'));
  }
  if (objectsAt(bundle, 'entry').length > BUNDLE_ENTRIES_MAX) {
    const words = `A record may have ${BUNDLE_ENTRIES_MAX} entries at most.`;
    return fail(problem('too-large', 'too-costly', words, `${RECORD}.entry`));
  }
  return readBundle(bundle, text);
}

/** The Bundle of a Parameters resource with one parameter `record`; null when there is none. */
export function recordBundle(body: Json): JsonObject | null {
  if (!isObject(body) || body.resourceType !== 'Parameters') return null;
  const parameters = objectsAt(body, 'parameter').filter(
    (each) => textAt(each, 'name') === 'record',
  );
  const bundle = parameters.length === 1 ? objectAt(parameters[0] ?? {}, 'resource') : null;
  return bundle?.resourceType === 'Bundle' ? bundle : null;
}

function readBundle(bundle: JsonObject, text: ExtractText | null): Result<Submission> {
  const entries = readEntries(bundle, RECORD);
  const issues: Issue[] = [...headerFaults(bundle), ...entries.issues];
  const [patient, ...others] = entries.resources.filter((each) => each.type === 'Patient');
  if (patient === undefined || others.length > 0) {
    issues.push(fault('required', 'There must be exactly one Patient.', 'entry'));
    return fail(problems('invalid', issues));
  }
  const nhs = readNhsNumber(patient);
  const resources = entries.resources.filter((each) => each !== patient);
  issues.push(...nhs.issues, ...checkSubjects(resources, patient, nhs.value));
  if (issues.length > 0 || nhs.value === null) return fail(problems('invalid', issues));
  return succeed({
    nhsNumber: nhs.value,
    patient,
    practice: registeredPractice(patient, resources),
    resources,
    identifier: identifierOf(bundle),
    timestamp: bundleTimestamp(bundle),
    text,
  });
}

/** What a record Bundle says of itself; null when there is none, or anything is wrong with that. */
export function recordHeader(body: Json): Pick<Submission, 'identifier' | 'timestamp'> | null {
  const bundle = recordBundle(body);
  if (bundle === null || headerFaults(bundle).length > 0) return null;
  return { identifier: identifierOf(bundle), timestamp: bundleTimestamp(bundle) };
}

function headerFaults(bundle: JsonObject): readonly Issue[] {
  const issues: Issue[] = [];
  if (bundle.type !== 'collection') {
    issues.push(fault('value', 'The type of the Bundle must be collection.', 'type'));
  }
  if (bundle.identifier !== undefined && identifierOf(bundle) === null) {
    issues.push(fault('value', 'An identifier needs a system and a value.', 'identifier'));
  }
  if (bundle.timestamp !== undefined && bundleTimestamp(bundle) === null) {
    issues.push(fault('value', 'This is not an instant.', 'timestamp'));
  }
  return issues;
}

function identifierOf(bundle: JsonObject): string | null {
  const identifier = objectAt(bundle, 'identifier');
  return identifier && tokenOf(identifier, 'value');
}

function fault(code: Issue['code'], diagnostics: string, element: string): Issue {
  return { code, diagnostics, expression: `${RECORD}.${element}` };
}
