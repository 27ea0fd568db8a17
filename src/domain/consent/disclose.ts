import type { Problem, RuleCount } from '../problem.ts';
import type { CareRecord, Entry } from '../record/care-record.ts';
import { choicesInForce } from './choices-in-force.ts';
import { decide, ENTRY_RULES, firstRule, gateOf } from './decide.ts';
import {
  type DisclosedEntry,
  type DisclosedRecord,
  type Disclosure,
  letThrough,
  letVersionsThrough,
} from './disclosed.ts';
import type { Requester, RuleId, Situation } from './rule.ts';
import type { RuleData } from './rule-data.ts';
import { relationship } from './rules/relationship.ts';
import { supportingResource } from './rules/supporting-resource.ts';
import { mayShowVersion } from './rules/version.ts';

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
  const decision = decide({ record, requester, choices, data, now });
  switch (decision.outcome) {
    case 'absent':
      return absentBy(decision.rule, record);
    case 'refused':
      return {
        outcome: 'refused',
        problem: refusalBy(decision.rule, decision.problem, record),
      };
    case 'decided': {
      const { granting, alert, withheldBy } = decision;
      const rules = countsOf(granting, withheldBy);
      const view = letThrough(record, withheldBy, requester.caller.role);
      return { outcome: 'disclosed', view, rules, alert };
    }
  }
}

function refusalBy(rule: RuleId, why: Problem, record: CareRecord): Problem {
  return { ...why, audit: { patient: record.id, rules: [{ rule, withheld: 0 }] } };
}

/**
 * Tracing (rule 7): the Patient alone, for a clinician without a relationship who knows the exact
 * NHS number. All else is decided as in `disclose`.
 */
export function discloseDemographics(
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
  const withheldBy = record.entries.map((entry) =>
    entry.type === 'Patient' ? firstRule(entry, situation) : relationship.id,
  );
  const rules = countsOf([relationship.id], withheldBy);
  const view = letThrough(record, withheldBy, requester.caller.role);
  return { outcome: 'disclosed', view, rules, alert: null };
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
  const passed = versions.filter((each) => mayShowVersion(each, current, ENTRY_RULES, situation));
  return letVersionsThrough(passed);
}

type Disclosed = Extract<Disclosure, { outcome: 'disclosed' }>;

const ABSENT: Disclosed = { outcome: 'disclosed', view: null, rules: [], alert: null };

function absentBy(rule: RuleId, record: CareRecord): Disclosure {
  return { ...ABSENT, rules: [{ rule, withheld: record.entries.length }] };
}

/** Each rule that decided with how many entries it withheld: those that gave access come first. */
function countsOf(
  granting: readonly RuleId[],
  withheldBy: readonly (RuleId | null)[],
): readonly RuleCount[] {
  // A list, which is shorter than the rules are: a Map would take longer to fill.
  const counts: Count[] = granting.map((rule) => ({ rule, withheld: 0 }));
  let unreached = 0;
  for (const rule of withheldBy) {
    if (rule === null) continue;
    if (rule === supportingResource.id) unreached++;
    else countOf(rule, counts).withheld++;
  }
  if (unreached > 0) counts.push({ rule: supportingResource.id, withheld: unreached });
  return counts;
}

interface Count extends RuleCount {
  withheld: number;
}

/** The count of a rule, which is there from now on. */
function countOf(rule: RuleId, counts: Count[]): Count {
  const known = counts.find((count) => count.rule === rule);
  if (known !== undefined) return known;
  const count = { rule, withheld: 0 };
  counts.push(count);
  return count;
}
