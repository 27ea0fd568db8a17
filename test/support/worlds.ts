import { START } from './context.ts';
import { nhsNumbers } from './nhs-numbers.ts';

/**
 * Worlds: everything that was ever done to the records of two people, as plain data. The same world
 * is played on a server (`play-worlds.ts`) and judged by the naive oracle (`naive-oracle.ts`).
 */
export interface World {
  /** What was done at each moment, `HOURS_BETWEEN_SLOTS` apart; nothing where null. */
  readonly slots: readonly (Step | null)[];
}

export type Step = Submission | Choosing | Claiming | Access;

/** An organisation's system submits its complete extract. */
export interface Submission {
  readonly kind: 'submit';
  readonly patient: number;
  readonly system: 'gp-system' | 'care-system';
  readonly organization: string;
  /** The practice that the Patient is said to be registered with. */
  readonly practice: string;
  readonly name: number;
  readonly patientLabel: Label;
  readonly entries: readonly EntrySpec[];
}

/** A choice is recorded, or one recorded before is changed. */
export interface Choosing {
  readonly kind: 'choose';
  readonly patient: number;
  readonly by: 'patient' | 'practice-staff' | 'clinician';
  readonly organization: string;
  readonly policy: PolicyName;
  readonly permits: boolean;
  readonly status: 'active' | 'inactive';
  /** Hours from the moment of recording; null where open. */
  readonly madeHours: number;
  readonly fromHours: number | null;
  readonly untilHours: number | null;
  /** Keys of the entries that it is about: `[organisation]|[type]/[number]`. */
  readonly names: readonly string[];
  /** The slot in which the choice was recorded that this changes; null for a new one. */
  readonly changes: number | null;
}

/** A clinician claims a relationship: the caller under test (`mine`) or somebody else at RX1. */
export interface Claiming {
  readonly kind: 'claim';
  readonly patient: number;
  readonly mine: boolean;
  readonly reason: 'care-episode' | 'emergency' | 'legal';
}

/** Somebody else reads. */
export interface Access {
  readonly kind: 'access';
  readonly patient: number;
  readonly by: 'clinician' | 'patient' | 'practice-staff';
  /** A type that is searched for, or an operation on the Patient. */
  readonly type: string;
}

/** One entry of an extract; other entries of the same extract are named as `[type]/[number]`. */
export interface EntrySpec {
  readonly type: (typeof ENTRY_TYPES)[number];
  readonly number: number;
  readonly content: number;
  readonly label: Label;
  readonly sensitive: boolean;
  readonly refs: readonly string[];
  /** Of MedicationStatement and MedicationRequest alone. */
  readonly prescription: 'acute' | 'repeat' | null;
  readonly status: 'active' | 'stopped' | 'completed';
  /** Days before the start of all worlds; null where not said. */
  readonly startDays: number | null;
  readonly endDays: number | null;
  readonly issuedDays: number | null;
}

export type Label = '' | 'N' | 'R' | 'V' | 'NOPAT';

export const ENTRY_TYPES = [
  'MedicationStatement',
  'AllergyIntolerance',
  'Condition',
  'Procedure',
  'Immunization',
  'Observation',
  'DocumentReference',
  'Medication',
  'MedicationRequest',
  'Practitioner',
  'Organization',
  'Provenance',
] as const;

/** Those who act in what a Provenance tells of. */
export const ACTORS: readonly string[] = ['Practitioner', 'Organization'];

export const POLICY_NAMES = [
  'scr-core-and-additional',
  'scr-core',
  'scr-dissent',
  'view',
  'sharing-out',
  'sharing-in',
  'private-entry',
  'include-sensitive',
  'secondary-use',
] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/** Who asks, as their token says. */
export interface WorldCaller {
  readonly role:
    | 'gp-system'
    | 'care-system'
    | 'practice-staff'
    | 'clinician'
    | 'privacy-officer'
    | 'auditor'
    | 'patient'
    | 'extractor';
  readonly organization: string;
  readonly purpose: string | null;
  /** The patient of the launch context, or of the token of a patient; null for none. */
  readonly launch: number | null;
  readonly nhs: number | null;
  readonly subject: string;
}

export const ORGANIZATIONS = ['A81001', 'B82002', 'RY601', 'SMOKE', 'RX1'] as const;
export const SLOTS = 12;
const HOURS_BETWEEN_SLOTS = 5;
export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A code of the exclusion sets, in these worlds. */
export const SENSITIVE_CODE = '111111111';
export const PATIENTS = nhsNumbers(3);

/**
 * The moment of a slot, in epoch milliseconds; that of the slot after the last is when all is
 * asked.
 */
export function momentOf(slot: number): number {
  return START + slot * HOURS_BETWEEN_SLOTS * HOUR_MS;
}

/** The day some days before the start of all worlds. */
export function dayBefore(days: number): string {
  return new Date(START - days * DAY_MS).toISOString().slice(0, 10);
}

/** What identifies an entry in all worlds. */
export function keyOf(organization: string, type: string, number: number): string {
  return `${organization}|${type}/${number}`;
}

/** The clinician at RX1 who is not the caller under test. */
export const SOMEBODY_ELSE: Omit<WorldCaller, 'launch'> = {
  role: 'clinician',
  organization: 'RX1',
  purpose: 'ETREAT',
  nhs: null,
  subject: 'dr-somebody-else',
};

/** Who makes a step, as their token says; `me` is the caller under test. */
export function actorOf(step: Step, me: WorldCaller): WorldCaller {
  const { patient } = step;
  const nobody = { purpose: null, launch: null, nhs: null };
  switch (step.kind) {
    case 'submit':
      return {
        ...nobody,
        role: step.system,
        organization: step.organization,
        subject: `system-${step.organization}`,
      };
    case 'choose':
      return personOf(step.by, step.organization, patient);
    case 'claim':
      return step.mine ? me : { ...SOMEBODY_ELSE, launch: null };
    case 'access':
      return personOf(step.by, step.by === 'clinician' ? 'RX1' : 'A81001', patient);
  }
}

function personOf(
  role: 'patient' | 'practice-staff' | 'clinician',
  organization: string,
  patient: number,
): WorldCaller {
  switch (role) {
    case 'patient':
      return {
        role,
        organization: '',
        purpose: null,
        launch: null,
        nhs: patient,
        subject: `patient-${patient}`,
      };
    case 'practice-staff':
      return {
        role,
        organization,
        purpose: null,
        launch: null,
        nhs: null,
        subject: `staff-${organization}`,
      };
    case 'clinician':
      return { ...SOMEBODY_ELSE, organization, launch: patient };
  }
}
