import { consentOf, resourceOf } from './world-resources.ts';
import {
  ACTORS,
  type Choosing,
  type EntrySpec,
  HOUR_MS,
  keyOf,
  type Label,
  momentOf,
  type PolicyName,
  SLOTS,
  type Submission,
  type World,
} from './worlds.ts';

/** What happened to one person's record, worked out from the contract and from nothing in `src`. */
export interface NaiveRecord {
  practice: string | null;
  readonly former: Set<string>;
  /** When each organisation last submitted. */
  readonly accepted: Map<string, number>;
  readonly entries: Map<string, NaiveEntry>;
  /** The choices as they were known from each moment on. */
  readonly choices: { readonly at: number; readonly known: readonly NaiveChoice[] }[];
}

export interface NaiveEntry {
  readonly key: string;
  readonly type: string;
  /** Oldest first. */
  readonly versions: NaiveVersion[];
}

export interface NaiveVersion {
  readonly at: number;
  readonly by: string;
  readonly withdrawn: boolean;
  /** Equal exactly when the texts are. */
  readonly content: string;
  readonly facts: NaiveFacts;
}

export interface NaiveFacts {
  readonly label: Label;
  readonly sensitive: boolean;
  /** Keys of the entries of this record that it refers to. */
  readonly refs: readonly string[];
  /** Of a Provenance: keys of what it tells of; of others, none. */
  readonly told: readonly string[];
  readonly medicine: Medicine | null;
  readonly choice: NaiveChoice | null;
}

/** What the summary windows look at; days before the start of all worlds. */
export interface Medicine {
  readonly stated: 'acute' | 'repeat' | null;
  readonly status: string;
  readonly startDays: number;
  readonly endDays: number | null;
  readonly issuedDays: number;
}

export interface NaiveChoice {
  readonly policy: PolicyName;
  readonly permits: boolean;
  readonly organization: string;
  readonly active: boolean;
  readonly made: number;
  readonly from: number;
  readonly until: number;
  readonly names: readonly string[];
}

/** The key of the Patient, and what stands for the text of one whom no practice has described. */
export const PATIENT_KEY = 'Patient';
export const PLACEHOLDER = 'placeholder';

/**
 * Decides whether a choice could be recorded then: it is asked of the oracle, which needs records.
 */
export type MayChoose = (record: NaiveRecord, step: Choosing, at: number) => boolean;

/** The records of all patients at the end of a world, and which steps were accepted on the way. */
export function recordsOf(
  world: World,
  mayChoose: MayChoose,
  end: number = SLOTS,
): { readonly records: ReadonlyMap<number, NaiveRecord>; readonly accepted: readonly boolean[] } {
  const records = new Map<number, NaiveRecord>();
  const accepted = world.slots.slice(0, end).map((step, slot) => {
    if (step === null) return false;
    const at = momentOf(slot);
    const record = records.get(step.patient);
    switch (step.kind) {
      case 'submit':
        return submit(records, step, at);
      case 'choose':
        if (record === undefined || !mayChoose(record, step, at)) return false;
        return choose(record, step, slot);
      default:
        return false;
    }
  });
  return { records, accepted };
}

function submit(records: Map<number, NaiveRecord>, step: Submission, at: number): boolean {
  const { organization } = step;
  const record = records.get(step.patient) ?? newRecord();
  const registers = step.system === 'gp-system' && step.practice === organization;
  // Without a timestamp, who was left does not come back by submitting.
  if (record.former.has(organization)) return false;
  if (dissentAt(record, at)) return false;
  records.set(step.patient, record);
  const left = registers && record.practice !== organization ? record.practice : null;
  if (registers) record.practice = organization;
  record.accepted.set(organization, at);
  writePatient(record, step, registers, at);
  const sent = new Set(step.entries.map((spec) => keyOf(organization, spec.type, spec.number)));
  for (const spec of step.entries) writeSpec(record, step, spec, at);
  for (const { key, type, versions } of record.entries.values()) {
    const last = versions.at(-1);
    if (last === undefined || last.withdrawn) continue;
    if (type === 'Patient' || type === 'Consent') continue;
    const missing = last.by === organization && !sent.has(key);
    if (missing || last.by === left) versions.push({ ...last, at, withdrawn: true });
  }
  if (left !== null) record.former.add(left);
  return true;
}

function newRecord(): NaiveRecord {
  return {
    practice: null,
    former: new Set(),
    accepted: new Map(),
    entries: new Map(),
    choices: [{ at: -Infinity, known: [] }],
  };
}

function writePatient(record: NaiveRecord, step: Submission, registers: boolean, at: number): void {
  if (!registers && record.entries.has(PATIENT_KEY)) return;
  const content = registers
    ? JSON.stringify([step.practice, step.name, step.patientLabel])
    : PLACEHOLDER;
  const label = registers ? step.patientLabel : '';
  const facts = { label, sensitive: false, refs: [], told: [], medicine: null, choice: null };
  write(record, PATIENT_KEY, 'Patient', {
    at,
    by: step.organization,
    withdrawn: false,
    content,
    facts,
  });
}

function writeSpec(record: NaiveRecord, step: Submission, spec: EntrySpec, at: number): void {
  const { organization, entries } = step;
  const targets = entries.filter((each) => spec.refs.includes(`${each.type}/${each.number}`));
  const medications = targets.filter(({ type }) => type === 'Medication');
  const refs = targets.map((each) => keyOf(organization, each.type, each.number));
  const told = targets.filter(({ type }) => !ACTORS.includes(type));
  const plans = spec.refs.flatMap((ref) =>
    targets.filter((each) => each.type === 'MedicationRequest' && ref === pathOf(each)),
  );
  const facts: NaiveFacts = {
    label: spec.label,
    sensitive: [spec, ...medications].some((each) => each.sensitive && hasCodes(each)),
    refs,
    told:
      spec.type === 'Provenance'
        ? told.map((each) => keyOf(organization, each.type, each.number))
        : [],
    medicine: spec.type === 'MedicationStatement' ? medicineOf(spec, plans) : null,
    choice: null,
  };
  // References inside the extract are rewritten, others stay as they were sent.
  const content = JSON.stringify([resourceOf(spec), refs.toSorted()]);
  const version = { at, by: organization, withdrawn: false, content, facts };
  write(record, keyOf(organization, spec.type, spec.number), spec.type, version);
}

function pathOf({ type, number }: EntrySpec): string {
  return `${type}/${number}`;
}

function hasCodes({ type }: EntrySpec): boolean {
  return !['Practitioner', 'Organization', 'Provenance'].includes(type);
}

function medicineOf(spec: EntrySpec, plans: readonly EntrySpec[]): Medicine {
  const startDays = spec.startDays ?? 700;
  const issued = spec.prescription === null ? null : spec.issuedDays;
  return {
    stated: [...plans, spec].find((each) => each.prescription !== null)?.prescription ?? null,
    status: spec.status,
    startDays,
    endDays: spec.endDays,
    issuedDays: issued ?? startDays,
  };
}

/** Equal content keeps its version; what can be learned from it may have changed all the same. */
function write(record: NaiveRecord, key: string, type: string, version: NaiveVersion): void {
  const entry = record.entries.get(key) ?? { key, type, versions: [] };
  record.entries.set(key, entry);
  const last = entry.versions.at(-1);
  if (last !== undefined && !last.withdrawn && last.content === version.content) {
    entry.versions.splice(-1, 1, { ...last, facts: version.facts });
  } else {
    entry.versions.push(version);
  }
}

function choose(record: NaiveRecord, step: Choosing, slot: number): boolean {
  const at = momentOf(slot);
  const key = consentKey(step.changes ?? slot);
  const choice: NaiveChoice = {
    policy: step.policy,
    permits: step.permits,
    organization: step.organization,
    active: step.status === 'active',
    made: at + step.madeHours * HOUR_MS,
    from: step.fromHours === null ? -Infinity : at + step.fromHours * HOUR_MS,
    until: step.untilHours === null ? Infinity : at + step.untilHours * HOUR_MS,
    names: step.names,
  };
  write(record, key, 'Consent', {
    at,
    by: step.organization,
    withdrawn: false,
    content: JSON.stringify(consentOf(step, 'patient', at, step.names)),
    facts: { label: '', sensitive: false, refs: step.names, told: [], medicine: null, choice },
  });
  const known = [...record.entries.values()].flatMap(
    ({ versions }) => versions.at(-1)?.facts.choice ?? [],
  );
  record.choices.push({ at, known });
  return true;
}

/** The key of the Consent that was recorded in a slot. */
export function consentKey(slot: number): string {
  return `Consent/${slot}`;
}

/** Whether a choice says anything at a moment. */
export function isLiveAt(choice: NaiveChoice, at: number): boolean {
  return choice.active && choice.made <= at && choice.from <= at && at <= choice.until;
}

/** The choices known at a moment. */
export function choicesAt(record: NaiveRecord, at: number): readonly NaiveChoice[] {
  return record.choices.filter((each) => each.at <= at).at(-1)?.known ?? [];
}

/** The latest choices of one kind that are live at a moment; several when they tie. */
export function latestAt(
  choices: readonly NaiveChoice[],
  policies: readonly PolicyName[],
  at: number,
): readonly NaiveChoice[] {
  const live = choices.filter((each) => policies.includes(each.policy) && isLiveAt(each, at));
  return live.filter((each) => live.every((other) => other.made <= each.made));
}

const SUMMARY: readonly PolicyName[] = ['scr-dissent', 'scr-core', 'scr-core-and-additional'];

/** What the patient wants of the summary at a moment; null where nothing was said. */
export function summaryAt(choices: readonly NaiveChoice[], at: number): PolicyName | null {
  const latest = latestAt(choices, SUMMARY, at).map(({ policy }) => policy);
  return SUMMARY.find((policy) => latest.includes(policy)) ?? null;
}

/** Whether the patient is opted out at a moment. */
export function dissentAt(record: NaiveRecord, at: number): boolean {
  return summaryAt(choicesAt(record, at), at) === 'scr-dissent';
}

/**
 * Whether the patient was opted out at any moment from one to another, both included. What was
 * recorded later than it is dated counts from its date (docs/decisions/0009-dissent.md).
 */
export function dissentWithin(record: NaiveRecord, from: number, to: number): boolean {
  return record.choices.some(({ known }, index) => {
    const end = Math.min(record.choices[index + 1]?.at ?? Infinity, to);
    // Choices begin and end on whole hours, here, and hold to the end of their last millisecond.
    const turns = known.flatMap((each) => [each.made, each.from, each.until]);
    const moments = [from, end, ...turns].filter((each) => each >= from && each <= end);
    return moments.some((each) => summaryAt(known, each) === 'scr-dissent');
  });
}
