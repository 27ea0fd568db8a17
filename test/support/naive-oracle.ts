import {
  choicesAt,
  consentKey,
  dissentAt,
  dissentWithin,
  isLiveAt,
  latestAt,
  type Medicine,
  type NaiveEntry,
  type NaiveRecord,
  type NaiveVersion,
  PATIENT_KEY,
  PLACEHOLDER,
  recordsOf,
  summaryAt,
} from './naive-record.ts';
import {
  actorOf,
  type Choosing,
  dayBefore,
  HOUR_MS,
  momentOf,
  type PolicyName,
  SLOTS,
  type World,
  type WorldCaller,
} from './worlds.ts';

/**
 * Who gets what, by the contract's rules one after the other, as simply as it can be said. It shares
 * no code with `src`, so that the two can only agree by both being right, or both wrong alike.
 */

/** What one caller may see of one person's record. */
export type PatientView =
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'refused'; readonly why: string; readonly traced: SeenVersion | null }
  | { readonly outcome: 'open'; readonly entries: readonly SeenEntry[] };

export interface SeenEntry {
  readonly key: string;
  readonly type: string;
  /** Newest first; those that are hidden are missing. */
  readonly versions: readonly SeenVersion[];
}

export interface SeenVersion {
  readonly at: number;
  readonly withdrawn: boolean;
  readonly content: string;
}

/** Everything that one caller may learn of a world, at a moment: equal when they may see no difference. */
export interface WorldView {
  readonly patients: readonly PatientView[];
  /** What the audit log may tell them. */
  readonly log: readonly unknown[];
}

const READERS = ['gp-system', 'care-system', 'practice-staff', 'clinician', 'patient'];
const ADDITIONAL = ['Condition', 'Procedure', 'Immunization', 'Observation'];
const SUPPORTING = ['Medication', 'MedicationRequest', 'Practitioner', 'Organization'];
const OF_THE_PRACTICE: readonly PolicyName[] = [
  'scr-core-and-additional',
  'scr-core',
  'scr-dissent',
  'view',
  'secondary-use',
];

/** What a caller may see of a world, after the steps before `end`. */
export function worldView(world: World, me: WorldCaller, end: number = SLOTS): WorldView {
  const { records, accepted } = recordsOf(world, mayChoose, end);
  const now = momentOf(end);
  const claims = claimsOf(world, me, end);
  const patients = [0, 1].map((patient) => viewOf(records.get(patient), patient, me, claims, now));
  return { patients, log: logOf(world, me, end, accepted) };
}

/** Which steps of a world are accepted. */
export function acceptedSteps(world: World): readonly boolean[] {
  return recordsOf(world, mayChoose).accepted;
}

interface LiveClaim {
  readonly patient: number;
  readonly reason: string;
}

/** The claims of this person that have not expired: they hold for 24 hours. */
function claimsOf(world: World, me: WorldCaller, end: number): readonly LiveClaim[] {
  return world.slots.slice(0, end).flatMap((step, slot) => {
    if (step?.kind !== 'claim') return [];
    const by = actorOf(step, me);
    const live = momentOf(slot) + 24 * HOUR_MS > momentOf(end);
    const mine = by.role === 'clinician' && by.subject === me.subject;
    return live && mine ? [{ patient: step.patient, reason: step.reason }] : [];
  });
}

/** What a caller may see of one record. */
export function viewOf(
  record: NaiveRecord | undefined,
  patient: number,
  me: WorldCaller,
  claims: readonly LiveClaim[],
  now: number,
): PatientView {
  if (!READERS.includes(me.role)) return { outcome: 'refused', why: 'role', traced: null };
  if (record === undefined) return { outcome: 'absent' };
  const asked: Asked = { record, patient, me, now };
  if (!canTell(asked)) return { outcome: 'absent' };
  const why = whyRefused(asked, claims);
  if (why === null) return { outcome: 'open', entries: entriesFor(asked) };
  const demographics = record.entries.get(PATIENT_KEY)?.versions.at(-1);
  const traced = demographics && !withheld(asked, 'Patient', PATIENT_KEY, demographics);
  return { outcome: 'refused', why, traced: traced ? seen(demographics) : null };
}

interface Asked {
  readonly record: NaiveRecord;
  readonly patient: number;
  readonly me: WorldCaller;
  readonly now: number;
}

function isPatientThemselves({ me, patient }: Asked): boolean {
  return me.role === 'patient' && me.nhs === patient;
}

function isAtPractice({ me, record }: Asked): boolean {
  return me.role !== 'patient' && me.organization === record.practice;
}

/** Whether this caller can tell that there is a record at all. */
function canTell(asked: Asked): boolean {
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

/** Rules 7 and 8. */
function whyRefused(asked: Asked, claims: readonly LiveClaim[]): string | null {
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

function entriesFor(asked: Asked): readonly SeenEntry[] {
  const { record } = asked;
  const passed = [...record.entries.values()].filter((entry) => {
    const last = entry.versions.at(-1);
    return last !== undefined && !withheld(asked, entry.type, entry.key, last);
  });
  return passed
    .filter((entry) => isReached(asked, entry, passed))
    .map((entry) => ({
      key: entry.key,
      type: entry.type,
      versions: entry.versions
        .filter((version) => !withheld(asked, entry.type, entry.key, version))
        // Who else described the person before the practice did is nobody's business.
        .filter(({ content }) => content !== PLACEHOLDER || record.practice === null)
        .map(seen)
        .toReversed(),
    }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

function seen({ at, withdrawn, content }: NaiveVersion): SeenVersion {
  return { at, withdrawn, content: withdrawn ? '' : content };
}

/** Rule 11, second half: a supporting resource needs an entry that is disclosed and refers to it. */
function isReached(asked: Asked, entry: NaiveEntry, passed: readonly NaiveEntry[]): boolean {
  const current = (each: NaiveEntry) => each.versions.at(-1) as NaiveVersion;
  const isOwn = (each: NaiveEntry) => current(each).by === asked.me.organization;
  if (asked.me.role === 'patient' || !SUPPORTING.includes(entry.type) || isOwn(entry)) return true;
  // Of what was withdrawn itself, the withdrawal of what referred to it is enough.
  const standing = passed.filter((each) => current(entry).withdrawn || !current(each).withdrawn);
  const reached = new Set(
    standing.filter((each) => !SUPPORTING.includes(each.type) || isOwn(each)),
  );
  for (const each of reached) {
    for (const ref of current(each).facts.refs) {
      const target = standing.find(({ key }) => key === ref);
      if (target !== undefined) reached.add(target);
    }
  }
  return reached.has(entry);
}

/** Whether any rule about single entries withholds this version. */
function withheld(asked: Asked, type: string, key: string, version: NaiveVersion): boolean {
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
  if (ADDITIONAL.includes(type) && summaryAt(choices, now) === 'scr-core') return true;
  if (recorded && refusal('sharing-out', version.by)) return true;
  if (recorded && refusal('sharing-in', me.organization)) return true;
  return medicine !== null && !isInSummary(medicine, now);
}

/** Rule 1: now, or at any time since those who recorded it last submitted. */
function optedOut(asked: Asked, version: NaiveVersion): boolean {
  const { record, now } = asked;
  if (isPatientThemselves(asked) || isAtPractice(asked)) return false;
  const submitted = record.accepted.get(version.by);
  if (dissentAt(record, now)) return true;
  return submitted !== undefined && dissentWithin(record, submitted, now);
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

/** Whether a choice can be recorded (contract, section 3): whose it is, and what they can see of it. */
function mayChoose(record: NaiveRecord, step: Choosing, at: number): boolean {
  const me = actorOf(step, NOBODY);
  const view = viewOf(record, step.patient, me, [], at);
  if (view.outcome !== 'open') return false;
  const { policy, organization, names, changes } = step;
  const previous = changes === null ? null : record.entries.get(consentKey(changes));
  if (previous === undefined) return false;
  const before = previous?.versions.at(-1)?.facts.choice;
  if (previous !== null && !view.entries.some(({ key }) => key === previous.key)) return false;
  const visible = (name: string) =>
    view.entries.some(({ key, versions }) => key === name && versions[0]?.withdrawn === false);
  const ours = (name: string) =>
    record.entries.get(name)?.versions.at(-1)?.by === organization && visible(name);
  if (!names.every(ours)) return false;
  return [{ policy, organization }, ...(before ? [before] : [])].every((each) => {
    if (me.role === 'clinician' && !each.policy.startsWith('sharing-')) return false;
    if (me.role !== 'patient' && each.organization !== me.organization) return false;
    return !OF_THE_PRACTICE.includes(each.policy) || each.organization === record.practice;
  });
}

const NOBODY: WorldCaller = {
  role: 'extractor',
  organization: '',
  purpose: null,
  launch: null,
  nhs: null,
  subject: 'nobody',
};

/** What the log may tell: officers about their own organisation, patients about their own record. */
function logOf(
  world: World,
  me: WorldCaller,
  end: number,
  accepted: readonly boolean[],
): readonly unknown[] {
  if (me.role === 'auditor') return [world];
  return world.slots.slice(0, end).map((step, slot) => {
    if (step === null) return null;
    const who = actorOf(step, me);
    const own = me.role === 'privacy-officer' && who.organization === me.organization;
    // What somebody was shown is in the log of their organisation.
    const shown = own && step.kind === 'access' ? worldView(world, who, slot).patients : [];
    // So is that somebody else was told: the practice that the patient left.
    if (own) return [step, accepted[slot], shown, leaves(world, slot)];
    if (me.role === 'privacy-officer')
      return leaves(world, slot) === me.organization ? 'alert' : null;
    if (me.role !== 'patient' || step.patient !== me.nhs) return null;
    return [step.kind, who, accepted[slot], step.kind === 'access' ? step.type : null];
  });
}

/** The practice that a patient leaves by a step; null for none. */
function leaves(world: World, slot: number): string | null {
  const patient = world.slots[slot]?.patient ?? 0;
  const [before, after] = [slot, slot + 1].map(
    (end) => recordsOf(world, mayChoose, end).records.get(patient)?.practice ?? null,
  );
  return before === after ? null : (before ?? null);
}
