import { expect, it } from 'vitest';
import { RULE_IDS } from '../../../src/domain/consent/rule.ts';
import { CASES } from './case-files.ts';
import { pairOf, pairsIn } from './rule-pairs.ts';

/** Rules that never meet over one entry, and why. */
const APART: readonly (readonly [why: string, one: string, others: readonly string[]])[] = [
  [
    'the first is about Consents, the others about what was recorded of care',
    'consent-visibility',
    [
      ...['role', 'sharing-in', 'sharing-out', 'additional-information', 'summary-window'],
      'supporting-resource',
    ],
  ],
  [
    'the first is about additional information, the others about medicines and what they refer to',
    'additional-information',
    ['summary-window', 'supporting-resource'],
  ],
  ['the one is about MedicationStatements', 'summary-window', ['supporting-resource']],
  [
    'the first is about patients and their own record, in which the others do not limit them',
    'not-for-patient',
    [
      ...['dissent', 'private-entry', 'sensitive-entry', 'sharing-in', 'sharing-out', 'role'],
      ...['additional-information', 'consent-visibility', 'summary-window', 'supporting-resource'],
      ...['relationship', 'permission-to-view', 'override'],
    ],
  ],
  [
    'the first is about systems and staff, the others about clinicians',
    'role',
    ['relationship', 'permission-to-view', 'override'],
  ],
  [
    'the first follows from what the others decide of other entries, once none is against this one',
    'provenance',
    [...RULE_IDS.filter((id) => id !== 'provenance' && id !== 'version'), 'override'],
  ],
  [
    'the first asks all the others about an earlier version, which every case does as well',
    'version',
    [...RULE_IDS.filter((id) => id !== 'version'), 'override'],
  ],
];

it('there is a case for every pair of rules that can meet, an override among them', () => {
  const rules = [...RULE_IDS, 'override'];
  const pairs = rules.flatMap((one, index) =>
    rules.slice(index + 1).map((other) => pairOf(one, other)),
  );
  const met = new Set(CASES.flatMap((each) => [...pairsIn(each)]));
  const apart = APART.flatMap(([, one, others]) => others.map((other) => pairOf(one, other)));
  expect(pairs.filter((pair) => !met.has(pair)).sort()).toEqual(apart.sort());
});
