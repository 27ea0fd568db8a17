import {
  consentKey,
  type NaiveEntry,
  type NaiveRecord,
  type NaiveVersion,
  PATIENT_KEY,
  PLACEHOLDER,
  recordsOf,
} from './naive-record.ts';
import { type Asked, canTell, type LiveClaim, whyRefused, withheld } from './naive-rules.ts';
import {
  actorOf,
  type Choosing,
  HOUR_MS,
  momentOf,
  type PolicyName,
  SLOTS,
  type World,
  type WorldCaller,
} from './worlds.ts';

/**
 * Who gets what, by the contract's rules one after the other, as simply as it can be said. It
 * shares no code with `src`, so that the two can only agree by both being right, or both wrong
 * alike.
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

/**
 * Everything that one caller may learn of a world, at a moment: equal when they may see no
 * difference.
 */
export interface WorldView {
  readonly patients: readonly PatientView[];
  /** What the audit log may tell them. */
  readonly log: readonly unknown[];
}

const READERS = ['gp-system', 'care-system', 'practice-staff', 'clinician', 'patient'];
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

function entriesFor(asked: Asked): readonly SeenEntry[] {
  const { record } = asked;
  const passed = [...record.entries.values()].filter((entry) => {
    const last = entry.versions.at(-1);
    return last !== undefined && !withheld(asked, entry.type, entry.key, last);
  });
  const shown = withProvenances(asked, passed);
  const keys = new Set(shown.map(({ key }) => key));
  return shown
    .map((entry) => ({
      key: entry.key,
      type: entry.type,
      versions: entry.versions
        .filter((version) => !withheld(asked, entry.type, entry.key, version))
        .filter(({ facts }) => facts.told.every((key) => keys.has(key)))
        // Who else described the person before the practice did is nobody's business.
        .filter(({ content }) => content !== PLACEHOLDER || record.practice === null)
        .map(seen)
        .toReversed(),
    }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
}

/** Rule 11, and that a Provenance is seen by those who see all that it tells of, as it stands. */
function withProvenances(asked: Asked, passed: readonly NaiveEntry[]): readonly NaiveEntry[] {
  const [provenances, others] = [true, false].map((is) =>
    passed.filter(({ type }) => (type === 'Provenance') === is),
  ) as [NaiveEntry[], NaiveEntry[]];
  const seenBefore = others.filter((entry) => isReached(asked, entry, others));
  const told: NaiveEntry[] = [];
  for (let size = -1; size !== told.length; ) {
    size = told.length;
    const known = [...seenBefore, ...told];
    for (const each of provenances.filter((one) => !told.includes(one))) {
      const last = each.versions.at(-1) as NaiveVersion;
      const isSeen = (key: string) => {
        const found = known.find((one) => one.key === key)?.versions.at(-1);
        return found !== undefined && (last.withdrawn || !found.withdrawn);
      };
      if (last.facts.told.every(isSeen)) told.push(each);
    }
  }
  const all = [...others, ...told];
  return all.filter((entry) => isReached(asked, entry, all));
}

function seen({ at, withdrawn, content }: NaiveVersion): SeenVersion {
  return { at, withdrawn, content: withdrawn ? '' : content };
}

/**
 * Rule 11, second half: a supporting resource needs an entry that is disclosed and refers to it.
 */
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

/**
 * Whether a choice can be recorded (contract, section 3): whose it is, and what they can see of it.
 */
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
    if (!OF_THE_PRACTICE.includes(each.policy)) return true;
    // Before any practice registers them, patients choose with whoever submitted for them.
    if (record.practice !== null) return each.organization === record.practice;
    return me.role === 'patient' && record.accepted.has(each.organization);
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

/**
 * What the log may tell: officers about their own organisation, patients about their own record.
 */
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
    // What somebody was shown is in the log of their organisation, and why a choice was refused:
    // that names no entry to whoever sees the record, and for others it is not there.
    const isTold = step.kind === 'access' || (step.kind === 'choose' && !accepted[slot]);
    const shown = own && isTold ? worldView(world, who, slot).patients : [];
    // So is that somebody else was told: the practice that the patient left.
    if (own) return [step, accepted[slot], shown, leaves(world, slot)];
    if (me.role === 'privacy-officer')
      return leaves(world, slot) === me.organization ? 'alert' : null;
    if (me.role !== 'patient' || step.patient !== me.nhs) return null;
    // Their choices they see whole, and why something was refused; of the rest that it was done.
    if (step.kind === 'choose' || !accepted[slot]) return [step, accepted[slot]];
    return [step.kind, who, leaves(world, slot)];
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
