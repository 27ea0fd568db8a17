import { sectionOf } from '../../fhir/resource-types.ts';
import type { Entry } from '../../record/care-record.ts';
import type { Requester, Rule } from '../rule.ts';

/** Rule 11, second half. Supporting resources go only as far as a disclosed entry refers to them. */
export const supportingResource: Rule = {
  id: 'supporting-resource',
  reason: 'Nothing that may be seen refers to this.',
  source: 'Contract, section 4, rule 11',
};

/**
 * Of the entries that no other rule withholds, those that are reached; the organisation that sent
 * supporting resources and the patient have them all.
 */
export function reachedOf(passed: readonly Entry[], { caller }: Requester): ReadonlySet<Entry> {
  if (caller.role === 'patient') return new Set(passed);
  const { organization } = caller;
  // A withdrawn entry is not disclosed: it leads to what is gone with it, and to nothing else.
  const now = reachedFrom(
    passed.filter((entry) => !entry.withdrawn),
    organization,
  );
  const ever = reachedFrom(passed, organization);
  return new Set(passed.filter((entry) => (entry.withdrawn ? ever : now).has(entry)));
}

function reachedFrom(passed: readonly Entry[], organization: string): ReadonlySet<Entry> {
  const byId = new Map(passed.map((entry) => [entry.id, entry]));
  const reached = new Set<Entry>();
  // A stack of our own: chains of prior prescriptions are as long as a sender makes them.
  const waiting = passed.filter(
    (entry) => organization === entry.recordedBy || sectionOf(entry.type) !== 'supporting',
  );
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (reached.has(entry)) continue;
    reached.add(entry);
    for (const id of entry.refs) {
      const target = byId.get(id);
      if (target !== undefined) waiting.push(target);
    }
  }
  return reached;
}
