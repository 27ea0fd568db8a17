import type { JsonObject } from '../../fhir/json.ts';
import { CONDITIONAL_REFERENCES_MAX } from '../../limits.ts';
import { problem } from '../../problem.ts';
import { literalReferencesOf } from '../../record/entry-facts.ts';
import { fail, type Result, succeed } from '../../result.ts';
import type { Criteria } from './criteria.ts';
import { finderOf, type Holdings, placed, type Step } from './resolve-edits.ts';
import { conditionalReference } from './whose-record.ts';

/**
 * Where the conditional references of what is written lead
 * (http://hl7.org/fhir/R4/http.html#trules): each to one entry of the caller's, one that arrives
 * with it included. `precondition-failed` when there is none, or there are several; `too-large`
 * when there are too many of them.
 */
export function conditionalReferences(
  steps: readonly Step[],
  holdings: Holdings,
): Result<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const asked = askedBy(steps, holdings);
  if (asked.size > CONDITIONAL_REFERENCES_MAX) return fail(TOO_MANY);
  if (asked.size === 0) return succeed(found);
  const finder = finderOf(withoutWithdrawn(steps, holdings), writtenBy(steps));
  for (const [reference, { criteria, step }] of asked) {
    const patient = criteria.type === 'Patient' ? patientMeant(criteria, holdings) : null;
    const [id, ...others] = patient === null ? finder.find(criteria) : [patient];
    if (id === undefined || others.length > 0) return fail(placed(NOT_ONE, step.edit));
    found.set(reference, `${criteria.type}/${id}`);
  }
  return succeed(found);
}

interface Asked {
  readonly criteria: Criteria;
  readonly step: Step;
}

function askedBy(steps: readonly Step[], { reading }: Holdings): ReadonlyMap<string, Asked> {
  const asked = new Map<string, Asked>();
  for (const step of steps) {
    if (step.does !== 'write') continue;
    for (const reference of literalReferencesOf(step.content.resource)) {
      const criteria = asked.has(reference) ? null : conditionalReference(reference, reading);
      if (criteria !== null) asked.set(reference, { criteria, step });
    }
  }
  return asked;
}

function withoutWithdrawn(steps: readonly Step[], holdings: Holdings): Holdings {
  const withdrawn = new Set(steps.map((step) => (step.does === 'withdraw' ? step.id : '')));
  return { ...holdings, visible: holdings.visible.filter((entry) => !withdrawn.has(entry.id)) };
}

function writtenBy(steps: readonly Step[]): ReadonlyMap<string, JsonObject> {
  const written = steps.filter((step) => step.does === 'write');
  return new Map(written.map((step) => [step.id, step.content.resource]));
}

/** Everything in a record is about its Patient, whom the NHS number alone finds. */
function patientMeant(
  { patients, search }: Criteria,
  { recordId, reading }: Holdings,
): string | null {
  if (patients.length !== search.used.length) return null;
  const ids = patients.map((each) =>
    each.by === 'id' ? each.id : reading.naming.recordId(each.nhsNumber),
  );
  return ids.every((id) => id === recordId) ? recordId : null;
}

const NOT_ONE = problem(
  'precondition-failed',
  'not-found',
  'A conditional reference must lead to exactly one of your organisation’s entries.',
);
const TOO_MANY = problem(
  'too-large',
  'too-costly',
  `There may be ${CONDITIONAL_REFERENCES_MAX} different conditional references at most.`,
);
