import type { Alert } from '../alert.ts';
import type { Problem } from '../problem.ts';
import type { Entry } from '../record/care-record.ts';
import { permissionOf } from './permission.ts';
import { layoutOf } from './record-layout.ts';
import { launchReaches, relationOf } from './relation.ts';
import type { EntryRule, RuleId, Situation } from './rule.ts';
import { additionalInformation } from './rules/additional-information.ts';
import { consentVisibility } from './rules/consent-visibility.ts';
import { dissent } from './rules/dissent.ts';
import { notForPatient } from './rules/not-for-patient.ts';
import { privateEntry } from './rules/private-entry.ts';
import { disclosedAmong, provenance, provenancesAmong } from './rules/provenance.ts';
import { relationship } from './rules/relationship.ts';
import { role } from './rules/role.ts';
import { scope } from './rules/scope.ts';
import { sensitiveEntry } from './rules/sensitive-entry.ts';
import { sharingIn } from './rules/sharing-in.ts';
import { sharingOut } from './rules/sharing-out.ts';
import { summaryWindow } from './rules/summary-window.ts';
import { supportingResource, unreachedOf } from './rules/supporting-resource.ts';

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

/** What the rules decide about one requester and one record, before anything is let through. */
export type Decision =
  /** For this requester there is no record. */
  | { readonly outcome: 'absent'; readonly rule: RuleId }
  | { readonly outcome: 'refused'; readonly rule: RuleId; readonly problem: Problem }
  | {
      readonly outcome: 'decided';
      /** The rules that gave access. */
      readonly granting: readonly RuleId[];
      readonly alert: Alert | null;
      /**
       * For each entry of the record, in their order, the rule that withholds it; null for none.
       */
      readonly withheldBy: readonly (RuleId | null)[];
    };

/**
 * The whole decision (contract, section 4). Deny overrides; what is not known to be allowed is
 * denied.
 */
export function decide(situation: Situation): Decision {
  const gate = gateOf(situation);
  if (gate !== null) return { outcome: 'absent', rule: gate };
  const permission = permissionOf(situation);
  if (!permission.granted) {
    return { outcome: 'refused', rule: permission.rule, problem: permission.problem };
  }
  const { rules: granting, alert } = permission;
  return { outcome: 'decided', granting, alert, withheldBy: withheldBy(situation) };
}

/**
 * The rule for which this requester cannot even tell that there is a record; null when they can.
 */
export function gateOf(situation: Situation): RuleId | null {
  const { record, requester } = situation;
  const relation = relationOf(record, requester);
  if (!launchReaches(requester, record.id)) return relationship.id;
  const { patient } = layoutOf(record.entries);
  if (patient === undefined || dissent.withholds(patient, situation)) return dissent.id;
  switch (requester.caller.role) {
    case 'patient':
      return relation === 'patient' ? null : role.id;
    case 'practice-staff':
      return relation === 'practice' ? null : role.id;
    case 'gp-system':
    case 'care-system':
      return relation === 'practice' || recordedHere(situation) ? null : role.id;
    case 'clinician':
      return null;
    default:
      return role.id;
  }
}

function recordedHere(situation: Situation): boolean {
  const { organization } = situation.requester.caller;
  return situation.record.entries.some(
    (entry) =>
      !entry.withdrawn &&
      entry.recordedBy === organization &&
      // What is masked must not tell that it is there.
      !dissent.withholds(entry, situation),
  );
}

function withheldBy(situation: Situation): readonly (RuleId | null)[] {
  const first = withheldByEntryRules(situation);
  const setAside = provenancesAmong(first, situation);
  for (const place of setAside) first[place] = provenance.id;
  for (const place of unreachedOf(first, situation)) first[place] = supportingResource.id;
  if (setAside.length === 0) return first;
  // What is seen without Provenances decides which of them are; and those lead to who acted.
  for (const place of disclosedAmong(setAside, first, situation)) first[place] = null;
  const reopened = first.map((rule) => (rule === supportingResource.id ? null : rule));
  for (const place of unreachedOf(reopened, situation)) reopened[place] = supportingResource.id;
  return reopened;
}

/** By the rules about single entries alone; each is asked about the types that it is about. */
function withheldByEntryRules(situation: Situation): (RuleId | null)[] {
  const { entries } = situation.record;
  const rules = ENTRY_RULES.filter((rule) => rule.concerns(situation));
  const first: (RuleId | null)[] = new Array(entries.length).fill(null);
  for (const [type, places] of layoutOf(entries).places) {
    const about = rules.filter((rule) => rule.types === undefined || rule.types.includes(type));
    if (about.length === 0) continue;
    for (const place of places) first[place] = firstOf(about, entries[place] as Entry, situation);
  }
  return first;
}

/** The first rule that withholds an entry; null where none does. */
export function firstRule(entry: Entry, situation: Situation): RuleId | null {
  return firstOf(ENTRY_RULES, entry, situation);
}

function firstOf(rules: readonly EntryRule[], entry: Entry, situation: Situation): RuleId | null {
  for (const rule of rules) if (rule.withholds(entry, situation)) return rule.id;
  return null;
}
