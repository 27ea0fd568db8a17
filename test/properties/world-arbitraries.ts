import fc from 'fast-check';
import {
  type Access,
  type Choosing,
  type Claiming,
  ENTRY_TYPES,
  type EntrySpec,
  keyOf,
  type Label,
  POLICY_NAMES,
  type PolicyName,
  SLOTS,
  type Step,
  type Submission,
  type World,
  type WorldCaller,
} from '../support/worlds.ts';

/** One of several values, some more often than others. */
function weighted<T>(
  ...choices: readonly (readonly [weight: number, value: T])[]
): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

/** Days before the start of all worlds, many of them near where the summary windows begin. */
const days: fc.Arbitrary<number> = fc.constantFrom(
  ...[-20, 0, 1, 2, 10, 27, 28, 29, 30, 31, 170, 177, 178, 179, 180, 181, 182, 184],
  ...[300, 360, 361, 362, 363, 364, 365, 366, 400, 700],
);

const label: fc.Arbitrary<Label> = weighted<Label>(
  [6, ''],
  [1, 'N'],
  [2, 'R'],
  [1, 'V'],
  [2, 'NOPAT'],
);

const ref: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...ENTRY_TYPES), fc.constantFrom(1, 2))
  .map(([type, number]) => `${type}/${number}`);

export const entrySpec: fc.Arbitrary<EntrySpec> = fc
  .record({
    type: fc.oneof(
      { weight: 2, arbitrary: fc.constant('MedicationStatement' as const) },
      { weight: 5, arbitrary: fc.constantFrom(...ENTRY_TYPES) },
    ),
    number: fc.constantFrom(1, 2),
    content: fc.constantFrom(0, 1),
    label,
    sensitive: weighted([6, false], [1, true]),
    refs: fc.uniqueArray(ref, { maxLength: 3 }),
    prescription: weighted([2, null], [1, 'acute' as const], [1, 'repeat' as const]),
    status: fc.constantFrom('active', 'stopped', 'completed'),
    startDays: fc.option(days),
    endDays: fc.option(days),
    issuedDays: fc.option(days),
  })
  // Nothing ends before it begins.
  .map((spec) => ({
    ...spec,
    endDays: spec.endDays === null ? null : Math.min(spec.endDays, spec.startDays ?? 700),
  }));

/** Mostly the first patient: what happens to one record is what matters. */
const patient: fc.Arbitrary<number> = weighted([6, 0], [1, 1]);

const SENDERS = [
  ['gp-system', 'A81001', 'A81001', 6],
  ['gp-system', 'B82002', 'B82002', 1],
  ['gp-system', 'B82002', 'A81001', 1],
  ['care-system', 'RY601', 'A81001', 3],
  ['care-system', 'SMOKE', 'A81001', 2],
  ['care-system', 'RX1', 'B82002', 2],
] as const;

export const submission: fc.Arbitrary<Submission> = fc
  .record({
    patient,
    sender: weighted(...SENDERS.map((sender) => [sender[3], sender] as const)),
    name: weighted([3, 0], [1, 1]),
    patientLabel: weighted<Label>([12, ''], [1, 'R'], [1, 'NOPAT']),
    entries: fc.uniqueArray(entrySpec, {
      maxLength: 7,
      selector: ({ type, number }) => `${type}/${number}`,
    }),
  })
  .map(({ sender: [system, organization, practice], ...rest }) => ({
    kind: 'submit',
    system,
    organization,
    practice,
    ...rest,
  }));

const policy: fc.Arbitrary<PolicyName> = weighted<PolicyName>(
  [1, 'scr-core-and-additional'],
  [2, 'scr-core'],
  [3, 'scr-dissent'],
  [2, 'view'],
  [4, 'sharing-out'],
  [4, 'sharing-in'],
  [3, 'private-entry'],
  [2, 'include-sensitive'],
  [1, 'secondary-use'],
);

const EITHER: readonly PolicyName[] = ['view', 'sharing-out', 'sharing-in', 'secondary-use'];
const DENYING: readonly PolicyName[] = ['scr-dissent', 'private-entry'];
const NAMING: readonly PolicyName[] = ['private-entry', 'include-sensitive'];
const OF_THE_PRACTICE = POLICY_NAMES.filter(
  (each) => !NAMING.includes(each) && !each.startsWith('sharing-'),
);

export const choosing: fc.Arbitrary<Choosing> = fc
  .record({
    patient,
    by: weighted<Choosing['by']>([3, 'patient'], [3, 'practice-staff'], [1, 'clinician']),
    policy,
    // Choices about those who recorded something, or who may be asking, matter most.
    organization: weighted([4, 'A81001'], [2, 'RY601'], [2, 'RX1'], [1, 'SMOKE'], [1, 'B82002']),
    elsewhere: weighted([6, false], [1, true]),
    permits: weighted([1, true], [3, false]),
    status: weighted<Choosing['status']>([6, 'active'], [1, 'inactive']),
    madeHours: weighted([5, 0], [1, -1], [1, -40], [1, -7]),
    fromHours: weighted<number | null>([5, null], [1, -3], [1, 6], [1, 90]),
    untilHours: weighted<number | null>([5, null], [2, 8], [1, 90]),
    named: fc.uniqueArray(ref, { minLength: 1, maxLength: 3 }),
    changes: fc.option(fc.nat(SLOTS - 1), { freq: 4 }).map((slot) => slot),
  })
  .map(({ elsewhere, named, ...rest }) => {
    // Choices of the practice's families mostly come from where patients are registered.
    const practice = elsewhere ? 'B82002' : 'A81001';
    const ofThePractice = OF_THE_PRACTICE.includes(rest.policy) || rest.by === 'practice-staff';
    const organization = ofThePractice ? practice : rest.organization;
    const permits = EITHER.includes(rest.policy) ? rest.permits : !DENYING.includes(rest.policy);
    const names = NAMING.includes(rest.policy)
      ? named.map((each) => keyOf(organization, ...partsOf(each)))
      : [];
    const { fromHours, untilHours: until } = rest;
    // A period that ends before it begins is refused.
    const untilHours = until !== null && fromHours !== null && until < fromHours ? null : until;
    return { kind: 'choose', ...rest, untilHours, organization, permits, names };
  });

function partsOf(path: string): [type: string, number: number] {
  const [type = '', number] = path.split('/');
  return [type, Number(number)];
}

const claiming: fc.Arbitrary<Claiming> = fc.record({
  kind: fc.constant('claim'),
  patient,
  mine: weighted([3, true], [1, false]),
  reason: fc.constantFrom('care-episode', 'emergency', 'legal'),
});

const access: fc.Arbitrary<Access> = fc.record({
  kind: fc.constant('access'),
  patient,
  by: fc.constantFrom('clinician', 'patient', 'practice-staff'),
  type: fc.constantFrom('MedicationStatement', 'Condition', 'Consent', '$everything', '$summary'),
});

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: submission },
  { weight: 5, arbitrary: choosing },
  { weight: 2, arbitrary: claiming },
  { weight: 2, arbitrary: access },
);

const fromThePractice = submission.map(
  (each): Step => ({
    ...each,
    patient: 0,
    system: 'gp-system',
    organization: 'A81001',
    practice: 'A81001',
  }),
);

const aboutTheFirst = choosing.map((each): Step => ({ ...each, patient: 0, changes: null }));

/**
 * Worlds in which the first patient mostly has a record, and has made a choice, whatever else
 * happens.
 */
export const world: fc.Arbitrary<World> = fc
  .tuple(
    fc.option(fromThePractice, { freq: 10 }),
    fc.array(fc.option(step, { freq: 2 }), { minLength: 6, maxLength: 6 }),
    fc.option(aboutTheFirst, { freq: 5 }),
    fc.array(fc.option(step, { freq: 1 }), { minLength: SLOTS - 8, maxLength: SLOTS - 8 }),
  )
  .map(([first, before, choice, after]) => ({ slots: [first, ...before, choice, ...after] }));

const AT: Readonly<Record<WorldCaller['role'], readonly string[]>> = {
  'gp-system': ['A81001', 'B82002'],
  'care-system': ['RY601', 'SMOKE', 'RX1'],
  'practice-staff': ['A81001', 'B82002'],
  clinician: ['A81001', 'B82002', 'RY601', 'SMOKE', 'RX1', 'RX9'],
  'privacy-officer': ['A81001', 'RX1'],
  auditor: ['X26'],
  patient: [''],
  extractor: ['X26'],
};

const clinicalPurpose = weighted<string | null>(
  [5, 'TREAT'],
  [2, 'ETREAT'],
  [1, 'BTG'],
  [2, 'HLEGAL'],
  [1, 'HRESCH'],
  [1, null],
);

/** Every role, organisation, purpose and launch context. */
export const caller: fc.Arbitrary<WorldCaller> = fc
  .record({
    role: weighted<WorldCaller['role']>(
      [16, 'clinician'],
      [3, 'patient'],
      [2, 'practice-staff'],
      [2, 'gp-system'],
      [3, 'care-system'],
      [2, 'privacy-officer'],
      [1, 'auditor'],
      [1, 'extractor'],
    ),
    place: fc.nat(5),
    purpose: clinicalPurpose,
    launch: weighted<number | null>([9, 0], [4, null], [1, 1]),
    nhs: weighted([4, 0], [1, 1]),
    limited: weighted([6, false], [1, true]),
  })
  .map(({ role, place, purpose, launch, nhs, limited }) => ({
    role,
    organization: AT[role][place % AT[role].length] ?? '',
    purpose: role === 'clinician' ? purpose : null,
    launch: role === 'clinician' || limited ? launch : null,
    nhs: role === 'patient' ? nhs : null,
    subject: 'the-caller',
  }));
