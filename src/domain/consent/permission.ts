import { type Problem, problem } from '../problem.ts';
import type { Alert, AlertKind } from './alert.ts';
import { relationOf } from './relation.ts';
import type { RuleId, Situation } from './rule.ts';

/** Whether a requester may look at a record at all (rules 7 and 8), by which rules, and who is told. */
export type Permission =
  | { readonly granted: true; readonly rules: readonly RuleId[]; readonly alert: Alert | null }
  | { readonly granted: false; readonly rule: RuleId; readonly problem: Problem };

/**
 * Rules 7 and 8: a clinician needs a relationship with the patient and, away from the registered
 * practice, the patient's permission to view or a purpose that overrides it, which alerts the
 * privacy officer. Other roles need neither: their view is limited by rule `role`.
 */
export function permissionOf(situation: Situation): Permission {
  const { record, requester } = situation;
  const relation = relationOf(record, requester);
  if (requester.caller.role !== 'clinician') return { granted: true, rules: [], alert: null };
  if (relation === 'practice') return { granted: true, rules: ['relationship'], alert: null };
  if (!hasRelationship(situation)) return refuse('relationship', NO_RELATIONSHIP);
  return permissionToView(situation);
}

function hasRelationship({ requester }: Situation): boolean {
  // Whether a launch context is of this patient was decided before: it reaches no other.
  return requester.caller.launchPatient !== null || requester.claims.length > 0;
}

function permissionToView(situation: Situation): Permission {
  const { caller, claims } = situation.requester;
  switch (caller.purpose) {
    case 'TREAT':
      return situation.choices.viewRefused
        ? refuse('permission-to-view', VIEW_REFUSED)
        : { granted: true, rules: ['relationship', 'permission-to-view'], alert: null };
    case 'ETREAT':
    case 'BTG':
      return override(caller.organization, 'emergency-access');
    case 'HLEGAL':
      return claims.some((claim) => claim.reason === 'legal')
        ? override(caller.organization, 'legal-access')
        : refuse('permission-to-view', NO_LEGAL_BASIS);
    default:
      return refuse('permission-to-view', NO_PURPOSE);
  }
}

function override(organization: string, kind: AlertKind): Permission {
  const rules = ['relationship', 'permission-to-view'] as const;
  return { granted: true, rules, alert: { organization, kind } };
}

function refuse(rule: RuleId, why: Problem): Permission {
  return { granted: false, rule, problem: why };
}

const NO_RELATIONSHIP = problem(
  'forbidden',
  'forbidden',
  'A relationship with this patient is missing. Claim one with POST $claim-relationship, or bring a token with a launch context (claim "patient") for them.',
);
const NO_PURPOSE = problem(
  'forbidden',
  'forbidden',
  'A purpose of use is missing. State TREAT when the patient was asked and agreed, ETREAT in an emergency when they could not be asked, HLEGAL with a legal basis.',
);
const NO_LEGAL_BASIS = problem(
  'forbidden',
  'forbidden',
  'The purpose HLEGAL needs its basis to be named beforehand: POST $claim-relationship with the reason "legal".',
);
const VIEW_REFUSED = problem(
  'forbidden',
  'forbidden',
  'The patient has refused permission to view. Only ETREAT or HLEGAL give access, and the privacy officer is told.',
);
