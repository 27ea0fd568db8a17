import fc from 'fast-check';
import { ROLES } from '../../../src/domain/access/caller.ts';
import type { Requester } from '../../../src/domain/consent/rule.ts';
import { RECORD_TYPES, type RecordType } from '../../../src/domain/fhir/resource-types.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import { POLICIES } from '../../../src/domain/record/choice.ts';
import { NAMING_POLICIES } from '../../../src/domain/record/read-choice.ts';
import { aClaim, anEntry, aRecord, recordId } from '../../support/records.ts';
import { callerOfRole, PATIENT_NHS_NUMBER } from '../../support/tokens.ts';
import { CASE_NOW } from './case-record.ts';

const ORGANIZATIONS = ['GP', 'NURSES', 'SMOKING', 'UCC'] as const;
const ENTRY_TYPES = RECORD_TYPES.filter((type) => type !== 'Patient' && type !== 'Consent');
const DAY = 86_400_000;

/** Few moments, so that choices often tie, and days around which windows and periods begin. */
export const moment = fc
  .constantFrom(-400, -40, -3, -2, -1, 0, 1)
  .map((days) => CASE_NOW + days * DAY);
const open = fc.option(moment, { freq: 2 });
const organization = fc.constantFrom(...ORGANIZATIONS);
const day = fc.option(
  fc.constantFrom(
    '2024-01-01',
    '2025-03-01',
    '2025-03-02',
    '2025-09-01',
    '2025-09-02',
    '2026-02-20',
  ),
  { freq: 4 },
);

/** Mostly what lets through: a record of which nothing is seen tells little. */
function seldom<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: others.length, arbitrary: fc.constantFrom(...others) },
  );
}

const medication = fc.record({
  prescription: fc.constantFrom('acute', 'repeat', 'unstated'),
  status: fc.constantFrom('active', 'stopped', 'completed', 'on-hold'),
  start: day,
  end: day,
  issued: day,
});

export const entry = fc.record({
  type: fc.constantFrom(...ENTRY_TYPES),
  recordedBy: organization,
  label: seldom<string | null>(null, 'v3|R', 'v3|V', '|R', 'v3|NOPAT', 'v3|N'),
  code: seldom('s|plain', 's|sensitive'),
  withdrawn: seldom(false, true),
  written: moment,
  medication,
  refs: fc.array(fc.nat(12), { maxLength: 3 }),
});

const choice = fc
  .record({
    policy: fc.constantFrom(...POLICIES.filter((each) => each !== 'scr-dissent'), ...POLICIES),
    organization,
    permits: fc.boolean(),
    active: seldom(true, false),
    madeAt: moment,
    from: open,
    until: open,
    names: fc.array(fc.nat(10), { minLength: 1, maxLength: 3 }),
  })
  .map((each) => {
    const decided = { 'scr-dissent': false, 'private-entry': false } as Record<string, boolean>;
    const permits = decided[each.policy] ?? (each.policy.startsWith('scr-') || each.permits);
    const names = NAMING_POLICIES.includes(each.policy) ? each.names.map(idAt) : [];
    return { ...each, permits, names };
  });

/** The id of the entry at this place: the Patient is the first. */
export function idAt(index: number): string {
  return index === 0 ? recordId(1) : anEntry(index).id;
}

export const record: fc.Arbitrary<CareRecord> = fc
  .record({
    entries: fc.array(entry, { maxLength: 10 }),
    choices: fc.array(choice, { maxLength: 4 }),
    unreadable: fc.integer({ min: 0, max: 19 }),
    patientWritten: moment,
    practice: seldom<string | null>('GP', null, 'NURSES'),
    patientLabels: seldom<readonly string[]>([], ['v3|R'], ['v3|NOPAT']),
    seen: seldom<number | null>(null, CASE_NOW - 2 * DAY, CASE_NOW - 50 * DAY),
    accepted: fc.array(moment, { minLength: 4, maxLength: 4 }),
  })
  .map((made) => {
    const sources = ORGANIZATIONS.map((each, index) => {
      const acceptedAt = new Date(made.accepted[index] ?? CASE_NOW).toISOString();
      return [each, { version: 1, timestamp: acceptedAt, acceptedAt }];
    });
    const patient = { id: idAt(0), type: 'Patient' as const, recordedBy: 'GP', codes: [] };
    const lastUpdated = new Date(made.patientWritten).toISOString();
    return aRecord({
      nhsNumber: PATIENT_NHS_NUMBER,
      practice: made.practice,
      dissentSeenAt: made.seen === null ? null : new Date(made.seen).toISOString(),
      sources: Object.fromEntries(sources),
      entries: [
        anEntry(0, { ...patient, lastUpdated, labels: made.patientLabels, refs: [idAt(1)] }),
        ...made.entries.map((each, index) => entryAt(index + 1, each)),
        ...made.choices.map((each, index) => {
          const facts = { type: 'Consent' as const, recordedBy: each.organization, codes: [] };
          const consent = anEntry(100 + index, { ...facts, refs: each.names });
          const readable = made.unreadable !== 0 || index > 0;
          return readable ? { ...consent, choice: each } : consent;
        }),
      ],
    });
  });

export function entryAt(
  index: number,
  made: typeof entry extends fc.Arbitrary<infer T> ? T : never,
): Entry {
  return anEntry(index, {
    type: made.type as RecordType,
    recordedBy: made.recordedBy,
    labels: made.label === null ? [] : [made.label],
    codes: [made.code],
    withdrawn: made.withdrawn,
    lastUpdated: new Date(made.written).toISOString(),
    refs: made.refs.map(idAt),
    // The last that a Provenance refers to is who acted.
    ...(made.type === 'Provenance' && { tellsOf: made.refs.slice(0, -1).map(idAt) }),
    ...(made.type === 'MedicationStatement' && {
      medication: made.medication as NonNullable<Entry['medication']>,
    }),
  });
}

export const requester: fc.Arbitrary<Requester> = fc
  .record({
    role: fc.oneof(fc.constant('clinician' as const), fc.constantFrom(...ROLES)),
    organization,
    purpose: seldom<string | null>('TREAT', 'ETREAT', 'BTG', 'HLEGAL', null, 'HRESCH'),
    launch: seldom<string | null>(recordId(1), null, recordId(2)),
    nhsNumber: seldom(PATIENT_NHS_NUMBER, '9990000018'),
    reason: fc.option(fc.constantFrom('care-episode' as const, 'legal' as const)),
  })
  .map(({ role, reason, launch, ...made }) => ({
    caller: callerOfRole[role]({
      organization: role === 'patient' ? '' : made.organization,
      purpose: made.purpose,
      launchPatient: launch,
      nhsNumber: role === 'patient' ? made.nhsNumber : null,
    }),
    claims: role === 'clinician' && reason !== null ? [aClaim({ reason })] : [],
  }));
