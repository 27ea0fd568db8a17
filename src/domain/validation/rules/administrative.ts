import type { JsonObject } from '../../fhir/json.ts';
import { has, hasCoding, type Rule, rule } from './rule.ts';

export const PATIENT_CONTACT: readonly Rule[] = [
  rule(
    'pat-1',
    'A contact needs a name, a telecom, an address or an organisation.',
    (it) => has(it, 'name') || has(it, 'telecom') || has(it, 'address') || has(it, 'organization'),
  ),
];

/** The invariants of Organization (http://hl7.org/fhir/R4/organization.html#invs). */
export const ORGANIZATION: readonly Rule[] = [
  rule(
    'org-1',
    'An organisation needs a name or an identifier.',
    (it) => has(it, 'identifier') || has(it, 'name'),
  ),
];

const notAtHome = (it: JsonObject): boolean => it.use !== 'home';

export const ORGANIZATION_ADDRESS: readonly Rule[] = [
  rule('org-2', 'The address of an organisation is never a home.', notAtHome),
];

export const ORGANIZATION_TELECOM: readonly Rule[] = [
  rule('org-3', 'The telecom of an organisation is never that of a home.', notAtHome),
];

export const AUDIT_EVENT_ENTITY: readonly Rule[] = [
  rule(
    'sev-1',
    'An entity has a name or a query, not both.',
    (it) => !has(it, 'name') || !has(it, 'query'),
  ),
];

/** The invariants of Consent (http://hl7.org/fhir/R4/consent.html#invs). */
export const CONSENT: readonly Rule[] = [
  rule(
    'ppc-1',
    'A consent needs a policy or a policy rule.',
    (it) => has(it, 'policy') || has(it, 'policyRule'),
  ),
  patientWhereScopeIs('ppc-2', 'patient-privacy'),
  patientWhereScopeIs('ppc-3', 'research'),
  patientWhereScopeIs('ppc-4', 'adr'),
  patientWhereScopeIs('ppc-5', 'treatment'),
];

/** As R4 has it, with a system that nobody uses; our profile asks for the patient in any case. */
function patientWhereScopeIs(key: string, code: string): Rule {
  return rule(
    key,
    'A consent of this scope needs a patient.',
    (it) => has(it, 'patient') || !hasCoding(it.scope, 'something', [code]),
  );
}
