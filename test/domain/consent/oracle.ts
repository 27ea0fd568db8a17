import type { Requester } from '../../../src/domain/consent/rule.ts';
import type { RuleData } from '../../../src/domain/consent/rule-data.ts';
import type { CareRecord, Entry } from '../../../src/domain/record/care-record.ts';
import type { Choice } from '../../../src/domain/record/choice.ts';

/** What a naive reading of the contract, section 4, comes to. */
export type Judgement =
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'view'; readonly visible: ReadonlySet<string> };

const SUPPORTING = [
  'Medication',
  'MedicationRequest',
  'Practitioner',
  'PractitionerRole',
  'Organization',
];
const ADDITIONAL = ['Condition', 'Procedure', 'Immunization', 'Observation', 'DocumentReference'];
const DAY = 86_400_000;

/**
 * The contract's rules of disclosure, written down again as naively as possible and sharing no code
 * with the server: what the one door is held against.
 */
export function judge(
  record: CareRecord,
  { caller, claims }: Requester,
  data: RuleData,
  now: number,
): Judgement {
  const isPerson = caller.role === 'patient' && caller.nhsNumber === record.nhsNumber;
  const atPractice = caller.role !== 'patient' && caller.organization === record.practice;
  const launch = caller.launchPatient;
  if (launch !== null && launch !== record.id) return { kind: 'absent' };
  const masked = (entry: Entry) => !isPerson && !atPractice && isMasked(record, entry, now);
  const patient = record.entries.find((entry) => entry.type === 'Patient');
  if (patient === undefined || masked(patient)) return { kind: 'absent' };
  const ownEntries = record.entries.filter(
    (entry) => entry.recordedBy === caller.organization && !entry.withdrawn && !masked(entry),
  );
  const reaches = {
    patient: isPerson,
    'practice-staff': atPractice,
    'gp-system': atPractice || ownEntries.length > 0,
    'care-system': atPractice || ownEntries.length > 0,
    clinician: true,
    'privacy-officer': false,
    auditor: false,
    extractor: false,
  }[caller.role];
  if (!reaches) return { kind: 'absent' };
  if (caller.role === 'clinician' && !atPractice) {
    if (launch === null && claims.length === 0) return { kind: 'refused' };
    const asked = caller.purpose === 'TREAT' && !denied(record, now, ['view']);
    const emergency = caller.purpose === 'ETREAT' || caller.purpose === 'BTG';
    const legal = caller.purpose === 'HLEGAL' && claims.some((each) => each.reason === 'legal');
    if (!asked && !emergency && !legal) return { kind: 'refused' };
  }
  const scoped = (entry: Entry) => inScope(caller, entry.type);
  const allowed = record.entries.filter(
    (entry) =>
      !entry.withdrawn &&
      !masked(entry) &&
      scoped(entry) &&
      may(record, entry, caller, isPerson, data, now),
  );
  const isProvenance = (entry: Entry) => entry.type === 'Provenance';
  const others = allowed.filter((entry) => !isProvenance(entry));
  const seen = new Set(closure(others, caller.organization, isPerson));
  // A Provenance is seen when all that it tells of is: until no more of them are.
  for (let size = -1; size !== seen.size; ) {
    size = seen.size;
    for (const entry of allowed.filter(isProvenance)) {
      if ((entry.tellsOf ?? []).every((id) => seen.has(id))) seen.add(entry.id);
    }
  }
  const told = allowed.filter((entry) => !isProvenance(entry) || seen.has(entry.id));
  return { kind: 'view', visible: closure(told, caller.organization, isPerson) };
}

/** By the scopes of the caller's token, which here are of the level that counts for them. */
function inScope({ scopes }: Requester['caller'], type: string): boolean {
  return scopes.some((scope) => scope.type === '*' || scope.type === type);
}

function may(
  record: CareRecord,
  entry: Entry,
  caller: Requester['caller'],
  isPerson: boolean,
  data: RuleData,
  now: number,
): boolean {
  const own = caller.organization === entry.recordedBy;
  const insider = own || isPerson;
  const about = entry.type === 'Patient' || entry.type === 'Consent';
  const names = (policy: string) =>
    live(record, now).some((each) => each.policy === policy && each.names.includes(entry.id));
  const labelled = (code: string) => entry.labels.some((label) => label.split('|')[1] === code);
  const isPrivate = names('private-entry') || labelled('R') || labelled('V');
  const isSensitive = entry.codes.some((code) => data.sensitiveCodes.has(code));
  if (isPrivate && !insider) return false;
  if (isSensitive && !names('include-sensitive') && !insider) return false;
  if (entry.type === 'Consent') {
    const staff = caller.role === 'practice-staff' && caller.organization === record.practice;
    const owner = entry.choice !== undefined && entry.choice.organization === caller.organization;
    if (!staff && !owner && !isPerson) return false;
  }
  if (labelled('NOPAT') && isPerson) return false;
  if (insider || about) return true;
  if (['gp-system', 'care-system', 'practice-staff'].includes(caller.role)) return false;
  if (denied(record, now, ['sharing-out'], entry.recordedBy)) return false;
  if (denied(record, now, ['sharing-in'], caller.organization)) return false;
  const ofNothing = entry.type === 'Provenance' && (entry.tellsOf ?? []).length === 0;
  const isAdditional = ADDITIONAL.includes(entry.type) || ofNothing;
  if (isAdditional && summaryAt(record, now) === 'scr-core') return false;
  return entry.medication === undefined || inWindow(entry.medication, data, now);
}

/** Supporting resources as far as others lead to them; own ones, and a patient’s, all of them. */
function closure(allowed: readonly Entry[], own: string, isPerson: boolean): ReadonlySet<string> {
  const visible = new Set(
    allowed
      .filter((each) => isPerson || each.recordedBy === own || !SUPPORTING.includes(each.type))
      .map((each) => each.id),
  );
  for (let size = -1; size !== visible.size; ) {
    size = visible.size;
    for (const entry of allowed) {
      if (!visible.has(entry.id)) continue;
      for (const id of entry.refs) if (allowed.some((each) => each.id === id)) visible.add(id);
    }
  }
  return visible;
}

function active(record: CareRecord): readonly Choice[] {
  return record.entries.flatMap(({ choice, withdrawn }) =>
    choice?.active && !withdrawn ? [choice] : [],
  );
}

function live(record: CareRecord, now: number): readonly Choice[] {
  return active(record).filter((each) => {
    const inside = (each.from ?? -Infinity) <= now && now <= (each.until ?? Infinity);
    return inside && each.madeAt <= now;
  });
}

/** Whether the latest of a family, or one of those that tie for it, denies. */
function denied(record: CareRecord, now: number, policies: string[], of?: string): boolean {
  const family = live(record, now)
    .filter((each) => policies.includes(each.policy))
    .filter((each) => of === undefined || each.organization === of)
    .sort((one, other) => other.madeAt - one.madeAt);
  return family.some((each) => each.madeAt === family[0]?.madeAt && !each.permits);
}

function summaryAt(record: CareRecord, now: number): string {
  const consents = record.entries.filter((each) => each.type === 'Consent' && !each.withdrawn);
  if (consents.some((each) => each.choice === undefined)) return 'scr-dissent';
  const family = live(record, now).filter((each) => each.policy.startsWith('scr-'));
  const latest = Math.max(...family.map((each) => each.madeAt));
  const policies = family.filter((each) => each.madeAt === latest).map((each) => each.policy);
  const order = ['scr-dissent', 'scr-core', 'scr-core-and-additional', 'none'];
  return order.find((policy) => policies.some((each) => each === policy)) ?? 'none';
}

/**
 * Whether a dissent is in force, or was at any moment since this entry's organisation submitted, or
 * wrote it alone.
 */
function isMasked(record: CareRecord, entry: Entry, now: number): boolean {
  if (summaryAt(record, now) === 'scr-dissent') return true;
  const source = record.sources[entry.recordedBy];
  if (source === undefined) return false;
  const extract = source.acceptedAt === null ? 0 : Date.parse(source.acceptedAt);
  const since = Math.max(extract, entry.withdrawn ? 0 : Date.parse(entry.lastUpdated));
  if (record.dissentSeenAt !== null && Date.parse(record.dissentSeenAt) >= since) return true;
  const turns = active(record).flatMap((each) => [each.madeAt, each.from ?? 0, each.until ?? 0]);
  return [since, ...turns, ...turns.map((each) => each + 1), ...turns.map((each) => each - 1)]
    .filter((each) => each >= since && each <= now)
    .some((each) => summaryAt(record, each) === 'scr-dissent');
}

function inWindow(of: NonNullable<Entry['medication']>, data: RuleData, now: number): boolean {
  const today = new Date(now).toISOString().slice(0, 10);
  const ended = of.end !== null && of.end < today;
  const short = of.start !== null && of.end !== null && of.end < monthsOn(of.start, 1);
  const acute = of.prescription === 'acute' || (of.prescription === 'unstated' && (ended || short));
  if (acute) return of.issued === null || of.issued >= monthsOn(today, -data.acuteMonths);
  if (of.status === 'active') return true;
  if (!['stopped', 'completed'].includes(of.status)) return false;
  return of.end === null || of.end >= monthsOn(today, -data.discontinuedMonths);
}

/** The same day of another month, or the last one that it has; found by counting days. */
function monthsOn(day: string, months: number): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  const first = Date.UTC(year, month - 1 + months, 1);
  const wanted = new Date(first).getUTCMonth();
  let found = first;
  for (let date = 1; date <= Number(day.slice(8)); date++) {
    const next = first + (date - 1) * DAY;
    if (new Date(next).getUTCMonth() === wanted) found = next;
  }
  return new Date(found).toISOString().slice(0, 10);
}
