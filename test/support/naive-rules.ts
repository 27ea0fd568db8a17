import {
  choicesAt,
  dissentAt,
  dissentWithin,
  isLiveAt,
  latestAt,
  type Medicine,
  type NaiveRecord,
  type NaiveVersion,
  PATIENT_KEY,
  summaryAt,
} from './naive-record.ts';
import { dayBefore, type PolicyName, type WorldCaller } from './worlds.ts';

/** The rules of the contract's section 4 as they are written there, one after the other. */

/** A claimed relationship that has not expired. */
export interface LiveClaim {
  readonly patient: number;
  readonly reason: string;
}

const ADDITIONAL = ['Condition', 'Procedure', 'Immunization', 'Observation', 'DocumentReference'];

/** Who asks about which record, and when. */
export interface Asked {
  readonly record: NaiveRecord;
  readonly patient: number;
  readonly me: WorldCaller;
  readonly now: number;
}

/** Whether the caller is the person whom the record is about. */
export function isPatientThemselves({ me, patient }: Asked): boolean {
  return me.role === 'patient' && me.nhs === patient;
}

function isAtPractice({ me, record }: Asked): boolean {
  return me.role !== 'patient' && me.organization === record.practice;
}

/** Whether this caller can tell that there is a record at all. */
export function canTell(asked: Asked): boolean {
  const { me, patient, record } = asked;
  if (me.launch !== null && me.launch !== patient) return false;
  if (me.role === 'patient') return isPatientThemselves(asked);
  if (isAtPractice(asked)) return true;
  if (me.role === 'practice-staff') return false;
  // Rule 1: opted out, or masked since.
  const demographics = record.entries.get(PATIENT_KEY)?.versions.at(-1);
  if (demographics === undefined || optedOut(asked, demographics)) return false;
  if (me.role === 'clinician') return true;
  return [...record.entries.values()].some(({ versions }) => {
    const last = versions.at(-1);
    return last !== undefined && !last.withdrawn && last.by === me.organization;
  });
}

/** Rules 7 and 8: why a caller may not look at the record at all; null when they may. */
export function whyRefused(asked: Asked, claims: readonly LiveClaim[]): string | null {
  const { me, record, patient, now } = asked;
  if (me.role !== 'clinician' || isAtPractice(asked)) return null;
  const own = claims.filter((claim) => claim.patient === patient);
  if (me.launch !== patient && own.length === 0) return 'relationship';
  const latest = latestAt(choicesAt(record, now), ['view'], now);
  switch (me.purpose) {
    case 'TREAT':
      return latest.some(({ permits }) => !permits) ? 'view' : null;
    case 'ETREAT':
    case 'BTG':
      return null;
    case 'HLEGAL':
      return own.some(({ reason }) => reason === 'legal') ? null : 'legal';
    default:
      return 'purpose';
  }
}

/** Whether any rule about single entries withholds this version. */
export function withheld(asked: Asked, type: string, key: string, version: NaiveVersion): boolean {
  const { me, record, now } = asked;
  const { label, sensitive, medicine, choice } = version.facts;
  const choices = choicesAt(record, now);
  const live = choices.filter((each) => isLiveAt(each, now));
  const names = (policy: PolicyName) =>
    live.some((each) => each.policy === policy && each.names.includes(key));
  const refusal = (policy: PolicyName, organization: string) =>
    latestAt(
      choices.filter((each) => each.organization === organization),
      [policy],
      now,
    ).some(({ permits }) => !permits);
  const themselves = isPatientThemselves(asked);
  const own = me.role !== 'patient' && me.organization === version.by;
  const recorded = type !== 'Patient' && type !== 'Consent';
  if (optedOut(asked, version)) return true;
  if (['gp-system', 'care-system', 'practice-staff'].includes(me.role) && recorded && !own) {
    return true;
  }
  if (themselves) return label === 'NOPAT';
  if (type === 'Consent' && !mayReadConsent(asked, choice?.organization)) return true;
  if (own) return false;
  if (label === 'R' || label === 'V' || names('private-entry')) return true;
  if (sensitive && !names('include-sensitive')) return true;
  const ofNothing = type === 'Provenance' && version.facts.told.length === 0;
  const isAdditional = ADDITIONAL.includes(type) || ofNothing;
  if (isAdditional && summaryAt(choices, now) === 'scr-core') return true;
  if (recorded && refusal('sharing-out', version.by)) return true;
  if (recorded && refusal('sharing-in', me.organization)) return true;
  return medicine !== null && !isInSummary(medicine, now);
}

/** Rule 1: now, or at any time since those who recorded it last said that it is so. */
function optedOut(asked: Asked, version: NaiveVersion): boolean {
  const { record, now } = asked;
  if (isPatientThemselves(asked) || isAtPractice(asked)) return false;
  if (dissentAt(record, now)) return true;
  const submitted = record.accepted.get(version.by);
  if (submitted === undefined) return false;
  const said = version.withdrawn ? submitted : Math.max(submitted, version.at);
  return dissentWithin(record, said, now);
}

/** Rule 11. */
function mayReadConsent({ me, record }: Asked, organization: string | undefined): boolean {
  if (me.role === 'practice-staff' && me.organization === record.practice) return true;
  return me.organization === organization;
}

/** Rule 10; days as text are in the order of time. */
function isInSummary(medicine: Medicine, now: number): boolean {
  const today = new Date(now).toISOString().slice(0, 10);
  const start = dayBefore(medicine.startDays);
  const end = medicine.endDays === null ? null : dayBefore(medicine.endDays);
  const short = end !== null && (end < today || end < monthsFrom(start, 1));
  const acute = medicine.stated === 'acute' || (medicine.stated === null && short);
  if (acute) return dayBefore(medicine.issuedDays) >= monthsFrom(today, -12);
  if (medicine.status === 'active') return true;
  return end === null || end >= monthsFrom(today, -6);
}

function monthsFrom(day: string, months: number): string {
  const moved = new Date(`${day}T00:00:00Z`);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  // A day that the month does not have has run over into the next one.
  if (moved.getUTCDate() !== Number(day.slice(8))) moved.setUTCDate(0);
  return moved.toISOString().slice(0, 10);
}
