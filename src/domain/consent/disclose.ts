import { sectionOf } from '../fhir/resource-types.ts';
import type { Problem, RuleCount } from '../problem.ts';
import type { CareRecord, Entry } from '../record/care-record.ts';
import { choicesInForce } from './choices-in-force.ts';
import {
  type DisclosedEntry,
  type DisclosedRecord,
  type Disclosure,
  letThrough,
  letVersionsThrough,
} from './disclosed.ts';
import { permissionOf } from './permission.ts';
import { launchReaches, relationOf } from './relation.ts';
import type { EntryRule, Requester, RuleId, Situation } from './rule.ts';
import type { RuleData } from './rule-data.ts';
import { additionalInformation } from './rules/additional-information.ts';
import { consentVisibility } from './rules/consent-visibility.ts';
import { dissent } from './rules/dissent.ts';
import { notForPatient } from './rules/not-for-patient.ts';
import { privateEntry } from './rules/private-entry.ts';
import { role } from './rules/role.ts';
import { scope } from './rules/scope.ts';
import { sensitiveEntry } from './rules/sensitive-entry.ts';
import { sharingIn } from './rules/sharing-in.ts';
import { sharingOut } from './rules/sharing-out.ts';
import { summaryWindow } from './rules/summary-window.ts';

/** The rules about single entries; an entry counts for the first that withholds it. */
export const ENTRY_RULES: readonly EntryRule[] = [
  dissent,
  role,
  privateEntry,
  sensitiveEntry,
  sharingOut,
  sharingIn,
  additionalInformation,
  notForPatient,
  consentVisibility,
  summaryWindow,
  scope,
];

/**
 * The one door: what a requester may see of a record, now. `view` null means that for them there is
 * no record. Pure; whatever is not known to be allowed is withheld.
 */
export function disclose(
  record: CareRecord | null,
  requester: Requester,
  data: RuleData,
  now: number,
): Disclosure {
  if (record === null) return ABSENT;
  const choices = choicesInForce(record.entries, now);
  const situation: Situation = { record, requester, choices, data, now };
  const gate = gateOf(situation);
  if (gate !== null) return absentBy(gate, record);
  const permission = permissionOf(situation);
  if (!permission.granted) {
    return { outcome: 'refused', problem: refusalBy(permission.rule, permission.problem, record) };
  }
  return discloseEntries(situation, permission.rules, permission.alert);
}

function refusalBy(rule: RuleId, why: Problem, record: CareRecord): Problem {
  return { ...why, audit: { patient: record.id, rules: [{ rule, withheld: 0 }] } };
}

/**
 * Tracing (rule 7): the Patient alone, for a clinician without a relationship who knows the exact NHS
 * number. All else is decided as in `disclose`.
 */
export function discloseDemographics(
  record: CareRecord | null,
  requester: Requester,
  data: RuleData,
  now: number,
): Disclosure {
  if (record === null) return ABSENT;
  const choices = choicesInForce(record.entries, now);
  const gate = gateOf({ record, requester, choices, data, now });
  if (gate !== null) return absentBy(gate, record);
  const patient = record.entries.filter((entry) => entry.type === 'Patient');
  const rules = [{ rule: 'relationship', withheld: record.entries.length - patient.length }];
  return { outcome: 'disclosed', view: letThrough(record, patient), rules, alert: null };
}

/**
 * Earlier versions (rule 12): of an entry that a view holds, those that might be disclosed as they
 * were then, by the choices of now. `versions` are of entries of the same record.
 */
export function discloseVersions(
  record: CareRecord,
  view: DisclosedRecord,
  versions: readonly Entry[],
  requester: Requester,
  data: RuleData,
  now: number,
): readonly DisclosedEntry[] {
  const choices = choicesInForce(record.entries, now);
  const situation: Situation = { record, requester, choices, data, now };
  const current = new Set([...view.entries, ...view.gone].map((entry) => entry.id));
  const passed = versions.filter(
    (version) =>
      current.has(version.id) && !ENTRY_RULES.some((rule) => rule.withholds(version, situation)),
  );
  return letVersionsThrough(passed);
}

type Disclosed = Extract<Disclosure, { outcome: 'disclosed' }>;

const ABSENT: Disclosed = { outcome: 'disclosed', view: null, rules: [], alert: null };

function absentBy(rule: RuleId, record: CareRecord): Disclosure {
  return { ...ABSENT, rules: [{ rule, withheld: record.entries.length }] };
}

/** The rule for which this requester cannot even tell that there is a record; null when they can. */
function gateOf(situation: Situation): RuleId | null {
  const { record, requester } = situation;
  const relation = relationOf(record, requester);
  if (!launchReaches(requester, record.id)) return 'relationship';
  const patient = record.entries.find((entry) => entry.type === 'Patient');
  if (patient === undefined || dissent.withholds(patient, situation)) return 'dissent';
  switch (requester.caller.role) {
    case 'patient':
      return relation === 'patient' ? null : 'role';
    case 'practice-staff':
      return relation === 'practice' ? null : 'role';
    case 'gp-system':
    case 'care-system':
      return relation === 'practice' || recordedHere(situation) ? null : 'role';
    case 'clinician':
      return null;
    default:
      return 'role';
  }
}

function recordedHere({ record, requester }: Situation): boolean {
  const { organization } = requester.caller;
  return record.entries.some((entry) => !entry.withdrawn && entry.recordedBy === organization);
}

function discloseEntries(
  situation: Situation,
  granting: readonly RuleId[],
  alert: Disclosed['alert'],
): Disclosure {
  const counts = new Map<RuleId, number>(granting.map((rule) => [rule, 0]));
  const passed = situation.record.entries.filter((entry) => {
    const rule = ENTRY_RULES.find((each) => each.withholds(entry, situation));
    if (rule !== undefined) counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
    return rule === undefined;
  });
  const reachable = withoutUnreferenced(passed, situation);
  const unreferenced = passed.length - reachable.length;
  if (unreferenced > 0) counts.set('supporting-resource', unreferenced);
  return {
    outcome: 'disclosed',
    view: letThrough(situation.record, reachable),
    rules: [...counts].map(([rule, withheld]): RuleCount => ({ rule, withheld })),
    alert,
  };
}

/**
 * Rule 11, second half: supporting resources go only as far as a disclosed entry refers to them; the
 * organisation that sent them and the patient have them all.
 */
function withoutUnreferenced(passed: readonly Entry[], { requester }: Situation): readonly Entry[] {
  const { caller } = requester;
  if (caller.role === 'patient') return passed;
  const byId = new Map(passed.map((entry) => [entry.id, entry]));
  const reached = new Set<Entry>();
  // A stack of our own: chains of prior prescriptions are as long as a sender makes them.
  const waiting = passed.filter(
    (entry) => caller.organization === entry.recordedBy || sectionOf(entry.type) !== 'supporting',
  );
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    if (reached.has(entry)) continue;
    reached.add(entry);
    for (const id of entry.refs) {
      const target = byId.get(id);
      if (target !== undefined) waiting.push(target);
    }
  }
  return passed.filter((entry) => reached.has(entry));
}
