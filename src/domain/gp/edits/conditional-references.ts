import { problem } from '../../problem.ts';
import { literalReferencesOf } from '../../record/entry-facts.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { type Criteria, meetsCriteria } from './criteria.ts';
import { type Holdings, ownEntries, placed, type Step } from './resolve-edits.ts';
import { conditionalReference } from './whose-record.ts';

/**
 * Where the conditional references of what is written lead (http://hl7.org/fhir/R4/http.html#trules):
 * each to one entry of the caller's, one that arrives with it included. `precondition-failed` when
 * there is none, or there are several.
 */
export function conditionalReferences(
  steps: readonly Step[],
  holdings: Holdings,
): Result<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const step of steps) {
    if (step.does !== 'write') continue;
    for (const reference of literalReferencesOf(step.content.resource)) {
      const criteria = found.has(reference)
        ? null
        : conditionalReference(reference, holdings.patients);
      if (criteria === null) continue;
      const [id, ...others] = matchesOf(criteria, steps, holdings);
      if (id === undefined || others.length > 0) return fail(placed(NOT_ONE, step.edit));
      found.set(reference, `${criteria.type}/${id}`);
    }
  }
  return succeed(found);
}

function matchesOf(
  criteria: Criteria,
  steps: readonly Step[],
  holdings: Holdings,
): readonly string[] {
  if (criteria.type === 'Patient') return patientMeant(criteria, holdings);
  const withdrawn = new Set(steps.map((step) => (step.does === 'withdraw' ? step.id : '')));
  const written = new Map(
    steps.filter((step) => step.does === 'write').map((step) => [step.id, step.content.resource]),
  );
  const stored = ownEntries(holdings, criteria.type)
    .filter((entry) => !withdrawn.has(entry.id))
    .map((entry) => [entry.id, holdings.stored.get(entry.id)] as const);
  const resources = new Map([...stored, ...written]);
  return [...resources]
    .filter(([id, resource]) => resource !== undefined && meetsCriteria(resource, id, criteria))
    .map(([id]) => id);
}

/** Everything in a record is about its Patient, who needs no looking for. */
function patientMeant(criteria: Criteria, { recordId, patients }: Holdings): readonly string[] {
  const ids = criteria.patients.map((each) =>
    each.by === 'id' ? each.id : patients.recordId(each.nhsNumber),
  );
  return ids.length > 0 && ids.every((id) => id === recordId) ? [recordId] : [];
}

const NOT_ONE = problem(
  'precondition-failed',
  'not-found',
  'A conditional reference must lead to exactly one of your organisation’s entries.',
);
