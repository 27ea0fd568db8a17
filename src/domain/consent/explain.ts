import { rolesFor } from '../access/role-table.ts';
import type { AlertKind } from '../alert.ts';
import type { CareRecord, Entry } from '../record/care-record.ts';
import { choicesInForce } from './choices-in-force.ts';
import { type Decision, decide, ENTRY_RULES } from './decide.ts';
import type { DisclosedRecord } from './disclosed.ts';
import type { Requester, Rule, RuleId, Situation } from './rule.ts';
import type { RuleData } from './rule-data.ts';
import { permissionToView } from './rules/permission-to-view.ts';
import { provenance } from './rules/provenance.ts';
import { relationship } from './rules/relationship.ts';
import { role } from './rules/role.ts';
import { supportingResource } from './rules/supporting-resource.ts';
import { version } from './rules/version.ts';

/** What would be decided for a requester, and by which rules; nothing is let through by it. */
export interface Explanation {
  /** `refused`: told so, since there is a record; `nothing-found`: for them there is none. */
  readonly decision: 'permitted' | 'refused' | 'nothing-found';
  /** The alert that the access would raise; null for none. */
  readonly alert: AlertKind | null;
  /** Every rule that took part, with how many of the entries it withholds. */
  readonly rules: readonly ExplainedRule[];
  readonly entries: readonly ExplainedEntry[];
}

export interface ExplainedRule {
  readonly id: RuleId;
  readonly reason: string;
  readonly withheld: number;
}

/** One current entry: the rule that withholds it, null when it would be disclosed. */
export interface ExplainedEntry {
  readonly entry: Entry;
  readonly rule: Omit<ExplainedRule, 'withheld'> | null;
}

/**
 * Explains what `disclose` would decide for a requester, by the very same rules (contract, section
 * 4). `among` says which entries the explanation is about; withdrawn ones never are.
 */
export function explain(
  record: CareRecord | null,
  requester: Requester,
  data: RuleData,
  now: number,
  among: (entry: Entry) => boolean,
): Explanation {
  if (record === null) return UNKNOWN;
  const choices = choicesInForce(record.entries, now);
  const decision = decisionOn({ record, requester, choices, data, now });
  const entries = record.entries
    .map((entry, index) => explainedEntry(entry, ruleAt(decision, index)))
    .filter(({ entry }) => !entry.withdrawn && among(entry));
  return {
    decision: WORD_FOR[decision.outcome],
    alert: decision.outcome === 'decided' ? (decision.alert?.kind ?? null) : null,
    rules: rulesIn(decision, entries),
    entries,
  };
}

/**
 * The record as far as somebody sees it themselves: what is explained to them from this cannot tell
 * them of entries, or of choices, that are hidden from them.
 */
export function asSeenIn(record: CareRecord, view: DisclosedRecord): CareRecord {
  const seen = new Set(view.entries.map((entry) => entry.id));
  return { ...record, entries: record.entries.filter((entry) => seen.has(entry.id)) };
}

const UNKNOWN: Explanation = { decision: 'nothing-found', alert: null, rules: [], entries: [] };

const WORD_FOR = { decided: 'permitted', refused: 'refused', absent: 'nothing-found' } as const;

/** A decision without the words of a refusal, which are for who is refused. */
type Made =
  | Exclude<Decision, { readonly outcome: 'refused' }>
  | { readonly outcome: 'refused'; readonly rule: RuleId };

/** A role that may not even ask is refused before any record is looked at (contract, section 2). */
function decisionOn(situation: Situation): Made {
  const mayAsk = rolesFor('read', 'Patient').includes(situation.requester.caller.role);
  return mayAsk ? decide(situation) : { outcome: 'refused', rule: role.id };
}

function explainedEntry(entry: Entry, rule: RuleId | null): ExplainedEntry {
  return { entry, rule: rule === null ? null : explained(rule) };
}

function ruleAt(decision: Made, index: number): RuleId | null {
  return decision.outcome === 'decided' ? (decision.withheldBy[index] ?? null) : decision.rule;
}

function rulesIn(decision: Made, entries: readonly ExplainedEntry[]): readonly ExplainedRule[] {
  const first = decision.outcome === 'decided' ? decision.granting : [decision.rule];
  const withholding = entries.map(({ rule }) => rule?.id).filter((id) => id !== undefined);
  return [...new Set([...first, ...withholding])].map((id) => ({
    ...explained(id),
    withheld: withholding.filter((each) => each === id).length,
  }));
}

/** Every rule, with what it says of itself. */
export const RULES: readonly Rule[] = [
  ...ENTRY_RULES,
  relationship,
  permissionToView,
  supportingResource,
  provenance,
  version,
];

function explained(id: RuleId): Omit<ExplainedRule, 'withheld'> {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`INVARIANT: the rule ${id} says why it withholds`);
  return { id, reason: rule.reason };
}
