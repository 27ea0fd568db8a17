import type { AlertKind } from '../../alert.ts';
import { type Problem, problem } from '../../problem.ts';
import type { Rule, Situation } from '../rule.ts';

/**
 * Rule 8. Away from the registered practice a viewer states that the patient agreed (`TREAT`),
 * which a recorded refusal outweighs; an emergency or a legal basis outweighs the refusal, and
 * alerts.
 */
export const permissionToView: Rule = {
  id: 'permission-to-view',
  reason: 'A viewer away from the patient’s practice needs their agreement, or a stated reason.',
  source: 'Contract, section 4, rule 8; domain brief, section 3 (permission to view)',
};

/** How a purpose of use gives access, or why it does not. */
export type PurposeAnswer =
  | { readonly granted: true; readonly override: AlertKind | null }
  | { readonly granted: false; readonly problem: Problem };

/** Whether the purpose that a clinician states gives access, and whether by overriding. */
export function answerToPurpose({ requester, choices }: Situation): PurposeAnswer {
  switch (requester.caller.purpose) {
    case 'TREAT':
      return choices.viewRefused ? refuse(VIEW_REFUSED) : { granted: true, override: null };
    case 'ETREAT':
    case 'BTG':
      return { granted: true, override: 'emergency-access' };
    case 'HLEGAL':
      return requester.claims.some((claim) => claim.reason === 'legal')
        ? { granted: true, override: 'legal-access' }
        : refuse(NO_LEGAL_BASIS);
    default:
      return refuse(NO_PURPOSE);
  }
}

function refuse(why: Problem): PurposeAnswer {
  return { granted: false, problem: why };
}

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
