import { layoutOf, type RecordLayout } from '../record-layout.ts';
import type { Rule, RuleId, Situation } from '../rule.ts';

/**
 * Rule 11, second half. Supporting resources go only as far as a disclosed entry refers to them.
 */
export const supportingResource: Rule = {
  id: 'supporting-resource',
  reason: 'Nothing that may be seen refers to this.',
  source: 'Contract, section 4, rule 11',
};

/**
 * The places of entries that no other rule withholds (null in `withheldBy`) and that are not
 * reached; the organisation that sent supporting resources and the patient have them all.
 */
export function unreachedOf(
  withheldBy: readonly (RuleId | null)[],
  { record, requester }: Pick<Situation, 'record' | 'requester'>,
): readonly number[] {
  const { role, organization } = requester.caller;
  const { entries } = record;
  const { supporting, links } = layoutOf(entries);
  if (role === 'patient') return [];
  const led = supporting.filter(
    (place) => withheldBy[place] === null && entries[place]?.recordedBy !== organization,
  );
  if (led.length === 0) return led;
  const isOut = (place: number): boolean => withheldBy[place] !== null;
  // A withdrawn entry is not disclosed: it leads to what is gone with it, and to nothing else.
  const isGone = (place: number): boolean => entries[place]?.withdrawn === true;
  const now = reached(led, links, (place) => isOut(place) || isGone(place));
  const hidden = new Set(led.filter((place) => !isGone(place) && !now.has(place)));
  const ever = reached(led, links, (place) => isOut(place) || hidden.has(place));
  return led.filter((place) => !ever.has(place));
}

/**
 * Of the places that others must lead to (`led`), those that they do lead to, `without` some places
 * that neither lead nor are led to.
 */
function reached(
  led: readonly number[],
  links: RecordLayout['links'],
  without: (place: number) => boolean,
): ReadonlySet<number> {
  const waitedFor = new Set(led.filter((place) => !without(place)));
  const found = new Set<number>();
  // A stack of our own: chains of prior prescriptions are as long as a sender makes them.
  const waiting: number[] = [];
  const follow = (place: number): void => {
    for (const target of links[place] ?? []) {
      if (!waitedFor.delete(target)) continue;
      found.add(target);
      waiting.push(target);
    }
  };
  const mustBeLedTo = new Set(led);
  for (let place = 0; place < links.length && waitedFor.size > 0; place++) {
    if (!mustBeLedTo.has(place) && !without(place)) follow(place);
  }
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) follow(place);
  return found;
}
