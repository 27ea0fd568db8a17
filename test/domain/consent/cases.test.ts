import { describe, expect, it } from 'vitest';
import { disclose, discloseVersions } from '../../../src/domain/consent/disclose.ts';
import { RULE_IDS } from '../../../src/domain/consent/rule.ts';
import { CASES, type Case, FILES, momentOf, shortOf } from './case-files.ts';
import {
  CASE_RULES,
  type CaseRecord,
  namesOf,
  outcomeOf,
  recordOf,
  requesterOf,
} from './case-record.ts';
import { type Judgement, judge } from './oracle.ts';

function expectedOf(each: Case): object {
  if (each.absent !== undefined) return { absent: each.absent };
  if (each.refused !== undefined) return { refused: each.refused };
  const sorted = (text = '') => text.split(' ').sort().join(' ');
  return {
    visible: sorted(each.visible),
    consents: sorted(each.consents),
    gone: sorted(each.gone),
    rules: each.rules ?? {},
    alert: each.alert ?? null,
  };
}

function seenBy(caller: string, short: CaseRecord, now: number): readonly string[] {
  const decision = disclose(recordOf(short), requesterOf(caller), CASE_RULES, now);
  if (decision.outcome === 'refused') return [];
  return namesOf(
    short,
    [...(decision.view?.entries ?? [])].map((entry) => entry.id),
  );
}

describe.each(FILES)('%s', (name) => {
  const cases = CASES.filter((each) => each.name === name);

  it.each(cases)('$title', (each) => {
    const short = shortOf(each);
    const now = momentOf(each);
    const decision = disclose(recordOf(short), requesterOf(each.caller), CASE_RULES, now);
    expect(outcomeOf(short, decision)).toEqual(expectedOf(each));
  });

  it.each(cases)('an entitled caller sees what is withheld where $title', (each) => {
    const short = shortOf(each);
    const now = momentOf(each);
    const visible = new Set(seenBy(each.caller, short, now));
    const withheld = recordOf(short).entries.filter((entry) => !entry.withdrawn);
    const names = namesOf(
      short,
      withheld.map((entry) => entry.id),
    );
    const owed = names.filter((one) => !visible.has(one) && !one.includes('@'));
    const paid = Object.entries(each.entitled ?? {}).flatMap(([caller, keys]) => {
      expect(seenBy(caller, short, now)).toEqual(expect.arrayContaining(keys.split(' ')));
      return keys.split(' ');
    });
    expect(paid.filter((one) => !one.includes('@')).sort()).toEqual(owed);
  });

  it.each(cases)('an earlier version alike is seen where the entry is: $title', (each) => {
    const of = recordOf(shortOf(each));
    const [by, now] = [requesterOf(each.caller), momentOf(each)];
    const decision = disclose(of, by, CASE_RULES, now);
    if (decision.outcome === 'refused' || decision.view === null) return;
    const { view } = decision;
    const earlier = of.entries.map((entry) => ({ ...entry, versionId: 'earlier' }));
    const seen = discloseVersions(of, view, earlier, by, CASE_RULES, now).map(({ id }) => id);
    expect(seen.toSorted()).toEqual([...view.entries, ...view.gone].map(({ id }) => id).sort());
  });

  it.each(cases)('the contract read naively says the same where $title', (each) => {
    const short = shortOf(each);
    const requester = requesterOf(each.caller);
    const judgement = judge(recordOf(short), requester, CASE_RULES, momentOf(each));
    expect(shown(judgement, short)).toEqual(shown(each, short));
  });
});

/** Outcome and visible names alone: the naive reading knows of no counts. */
function shown(of: Judgement | Case, short: CaseRecord): string {
  if ('kind' in of) {
    return of.kind === 'view' ? namesOf(short, [...of.visible]).join(' ') : of.kind;
  }
  if (of.absent !== undefined) return 'absent';
  if (of.refused !== undefined) return 'refused';
  const names = `${of.visible ?? ''} ${of.consents ?? ''}`.split(' ').filter((name) => name !== '');
  return names.sort().join(' ');
}

it('there is a case for every rule, and 150 or more in all', () => {
  const told = new Set(
    CASES.flatMap((each) => [each.absent, each.refused, ...Object.keys(each.rules ?? {})]),
  );
  // Rule 12 is not about what is current; each case tries an earlier version too.
  expect(RULE_IDS.filter((rule) => !told.has(rule))).toEqual(['version']);
  expect(CASES.length).toBeGreaterThanOrEqual(150);
  expect(new Set(CASES.map((each) => each.title)).size).toBe(CASES.length);
});
