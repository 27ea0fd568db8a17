import { sectionOf } from '../../fhir/resource-types.ts';
import type { Entry } from '../../record/care-record.ts';
import type { Requester, Rule } from '../rule.ts';

/**
 * Rule 11, second half. Supporting resources go only as far as a disclosed entry refers to them.
 */
export const supportingResource: Rule = {
  id: 'supporting-resource',
  reason: 'Nothing that may be seen refers to this.',
  source: 'Contract, section 4, rule 11',
};

/**
 * Of the entries that no other rule withholds, those that are not reached; the organisation that
 * sent supporting resources and the patient have them all.
 */
export function unreachedOf(passed: readonly Entry[], { caller }: Requester): ReadonlySet<Entry> {
  const { role, organization } = caller;
  const led = passed.filter(
    (entry) => organization !== entry.recordedBy && sectionOf(entry.type) === 'supporting',
  );
  if (role === 'patient' || led.length === 0) return NONE;
  // A withdrawn entry is not disclosed: it leads to what is gone with it, and to nothing else.
  const current = passed.filter((entry) => !entry.withdrawn);
  const now = reachedFrom(
    current,
    led.filter((entry) => !entry.withdrawn),
  );
  const hidden = new Set(led.filter((entry) => !entry.withdrawn && !now.has(entry)));
  if (current.length === passed.length) return hidden;
  const isShown = (entry: Entry): boolean => !hidden.has(entry);
  const ever = reachedFrom(passed.filter(isShown), led.filter(isShown));
  return new Set(led.filter((entry) => !ever.has(entry)));
}

const NONE: ReadonlySet<Entry> = new Set();

/**
 * Of the entries that others must lead to (`led`, which are of `passed`), those that they lead to.
 */
function reachedFrom(passed: readonly Entry[], led: readonly Entry[]): ReadonlySet<Entry> {
  const byId = new Map(led.map((entry) => [entry.id, entry]));
  const mustBeLedTo = new Set(led);
  const reached = new Set<Entry>();
  // A stack of our own: chains of prior prescriptions are as long as a sender makes them.
  const waiting = passed.filter((entry) => !mustBeLedTo.has(entry));
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    for (const id of entry.refs) {
      const target = byId.get(id);
      if (target === undefined || reached.has(target)) continue;
      reached.add(target);
      waiting.push(target);
    }
  }
  return reached;
}
