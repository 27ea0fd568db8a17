import { choicesInForce } from '../../../src/domain/consent/choices-in-force.ts';
import { ENTRY_RULES } from '../../../src/domain/consent/decide.ts';
import { relationOf } from '../../../src/domain/consent/relation.ts';
import type { RuleId, Situation } from '../../../src/domain/consent/rule.ts';
import { answerToPurpose } from '../../../src/domain/consent/rules/permission-to-view.ts';
import { hasRelationship } from '../../../src/domain/consent/rules/relationship.ts';
import { unreachedOf } from '../../../src/domain/consent/rules/supporting-resource.ts';
import { type Case, momentOf, shortOf } from './case-files.ts';
import { CASE_RULES, recordOf, requesterOf } from './case-record.ts';

/** Two rules, as `one + other`, in the order of their names. */
export function pairOf(one: string, other: string): string {
  return [one, other].sort().join(' + ');
}

/**
 * The pairs of rules that meet in a case: both are against showing the same entry to this caller,
 * or the caller overrides (`override`) where a rule is against it.
 */
export function pairsIn(each: Case): ReadonlySet<string> {
  const situation = situationOf(each);
  const everywhere = aboutAll(situation);
  const pairs = situation.record.entries.flatMap((entry, place) => {
    const against: string[] = ENTRY_RULES.filter((rule) => rule.withholds(entry, situation)).map(
      ({ id }) => id,
    );
    if (isUnreached(place, situation)) against.push('supporting-resource');
    const all = [...against, ...everywhere];
    return all.flatMap((one, index) => all.slice(index + 1).map((other) => pairOf(one, other)));
  });
  return new Set(pairs);
}

/** The rules that are against showing anything at all to a clinician elsewhere; and an override. */
function aboutAll(situation: Situation): readonly string[] {
  const { record, requester } = situation;
  if (requester.caller.role !== 'clinician') return [];
  if (relationOf(record, requester) === 'practice') return [];
  const { purpose } = requester.caller;
  const answer = answerToPurpose(situation);
  const overrides = OVERRIDES.includes(purpose ?? '');
  return [
    ...(hasRelationship(situation) ? [] : ['relationship']),
    ...(answer.granted && !situation.choices.viewRefused ? [] : ['permission-to-view']),
    ...(overrides ? ['override'] : []),
  ];
}

const OVERRIDES: readonly string[] = ['ETREAT', 'BTG', 'HLEGAL'];

function situationOf(each: Case): Situation {
  const record = recordOf(shortOf(each));
  const now = momentOf(each);
  const choices = choicesInForce(record.entries, now);
  return { record, requester: requesterOf(each.caller), choices, data: CASE_RULES, now };
}

/** Whether only what is withheld leads to an entry, whether it is withheld itself or not. */
function isUnreached(place: number, situation: Situation): boolean {
  const withheldBy = situation.record.entries.map((entry, index): RuleId | null => {
    if (index === place) return null;
    return ENTRY_RULES.find((rule) => rule.withholds(entry, situation))?.id ?? null;
  });
  return unreachedOf(withheldBy, situation).includes(place);
}
