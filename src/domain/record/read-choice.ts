import { rangeOf } from '../fhir/date-range.ts';
import { objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { POLICY } from '../fhir/systems.ts';
import type { Issue } from '../problem.ts';
import { type Choice, POLICIES, type Policy } from './choice.ts';
import type { OdsCode } from './ods-code.ts';

/** How the references of a Consent are resolved; null where one leads nowhere. */
export interface ChoiceContext {
  organization(reference: JsonObject): OdsCode | null;
  /** The id of the entry of this record that a reference names. */
  entry(reference: JsonObject): string | null;
}

/** Which `provision.type` each policy allows (contract, section 3, table "Consents"). */
const PROVISION_TYPES: Readonly<Record<Policy, readonly string[]>> = {
  'scr-core-and-additional': ['permit'],
  'scr-core': ['permit'],
  'scr-dissent': ['deny'],
  view: ['permit', 'deny'],
  'sharing-out': ['permit', 'deny'],
  'sharing-in': ['permit', 'deny'],
  'private-entry': ['deny'],
  'include-sensitive': ['permit'],
  'secondary-use': ['permit', 'deny'],
};

/** The policies that name the entries they are about. */
export const NAMING_POLICIES: readonly Policy[] = ['private-entry', 'include-sensitive'];

/**
 * Elements whose meaning the rules cannot evaluate: a Consent that uses them is refused, not
 * guessed at.
 */
const UNEVALUATED_PROVISION_ELEMENTS = [
  'actor',
  'action',
  'securityLabel',
  'purpose',
  'class',
  'code',
  'dataPeriod',
  'provision',
  'modifierExtension',
];

/**
 * http://hl7.org/fhir/R4/valueset-consent-state-codes.html; a slip in it must not undo a dissent.
 */
const STATUSES = ['draft', 'proposed', 'active', 'rejected', 'inactive', 'entered-in-error'];

/** Reads a Consent as a choice; otherwise all that keeps it from being one, with where. */
export function readChoice(
  consent: JsonObject,
  at: string,
  context: ChoiceContext,
): { readonly choice: Choice | null; readonly issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const fault = (element: string, diagnostics: string): null => {
    issues.push({ code: 'business-rule', diagnostics, expression: `${at}.${element}` });
    return null;
  };
  const status = readStatus(consent, fault);
  const policy = readPolicy(consent, fault);
  const provision = objectAt(consent, 'provision') ?? {};
  const parts = {
    policy,
    permits: readProvisionType(provision, policy, fault),
    organization: readOrganization(consent, context, fault),
    madeAt: readMadeAt(consent, fault),
    ...readPeriod(provision, fault),
    names: readNames(provision, policy, context, fault),
  };
  checkUnevaluated(consent, provision, fault);
  if (issues.length > 0) return { choice: null, issues };
  return { choice: { ...parts, active: status === 'active' } as Choice, issues };
}

type Fault = (element: string, diagnostics: string) => null;

function readStatus(consent: JsonObject, fault: Fault): string | null {
  const status = textAt(consent, 'status');
  if (status !== null && STATUSES.includes(status)) return status;
  return fault('status', `The status is one of ${STATUSES.join(', ')}.`);
}

function readPolicy(consent: JsonObject, fault: Fault): Policy | null {
  const policies = objectsAt(consent, 'policy');
  const uri = policies[0] && textAt(policies[0], 'uri');
  const policy = POLICIES.find((name) => uri === POLICY + name);
  if (policies.length !== 1 || policy === undefined) {
    return fault('policy', `There must be exactly one policy, ${POLICY} and one of ${POLICIES}.`);
  }
  return policy;
}

function readProvisionType(
  provision: JsonObject,
  policy: Policy | null,
  fault: Fault,
): boolean | null {
  const type = textAt(provision, 'type');
  if (type !== 'permit' && type !== 'deny') {
    return fault('provision.type', 'The provision must say permit or deny.');
  }
  if (policy !== null && !PROVISION_TYPES[policy].includes(type)) {
    return fault('provision.type', `The policy ${policy} is ${PROVISION_TYPES[policy]} only.`);
  }
  return type === 'permit';
}

function readOrganization(
  consent: JsonObject,
  context: ChoiceContext,
  fault: Fault,
): OdsCode | null {
  const references = objectsAt(consent, 'organization');
  const code = references[0] === undefined ? null : context.organization(references[0]);
  if (references.length !== 1 || code === null) {
    return fault('organization', 'There must be exactly one organization, with its ODS code.');
  }
  return code;
}

function readMadeAt(consent: JsonObject, fault: Fault): number | null {
  const range = rangeOf(textAt(consent, 'dateTime') ?? '');
  return range?.start ?? fault('dateTime', 'A date and time of the choice is needed.');
}

function readPeriod(
  provision: JsonObject,
  fault: Fault,
): { from: number | null; until: number | null } {
  const period = objectAt(provision, 'period');
  if (period === null && provision.period !== undefined) {
    fault('provision.period', 'This is not a period.');
  }
  const ends = (['start', 'end'] as const).map((name) => {
    if (period?.[name] === undefined) return null;
    const range = rangeOf(textAt(period, name) ?? '');
    return range ?? fault(`provision.period.${name}`, 'This is not a date.');
  });
  return { from: ends[0]?.start ?? null, until: ends[1]?.end ?? null };
}

function readNames(
  provision: JsonObject,
  policy: Policy | null,
  context: ChoiceContext,
  fault: Fault,
): readonly string[] {
  const data = objectsAt(provision, 'data');
  const naming = policy !== null && NAMING_POLICIES.includes(policy);
  if (naming && (data.length === 0 || !hasOnly(provision.data, data))) {
    fault('provision.data', 'The entries must be named.');
  }
  if (!naming && provision.data !== undefined) {
    fault('provision.data', 'This policy is not about entries.');
  }
  return data.map((each, index) => {
    if (textAt(each, 'meaning') !== 'instance') {
      fault(`provision.data[${index}].meaning`, 'Only the meaning "instance" can be evaluated.');
    }
    const entry = context.entry(objectAt(each, 'reference') ?? {});
    if (entry === null) {
      fault(`provision.data[${index}].reference`, 'This names no entry of the patient’s record.');
    }
    return entry ?? '';
  });
}

function hasOnly(list: JsonObject[string], objects: readonly JsonObject[]): boolean {
  return Array.isArray(list) && list.length === objects.length;
}

function checkUnevaluated(consent: JsonObject, provision: JsonObject, fault: Fault): void {
  const refuse = (at: string): null => fault(at, 'The rules cannot evaluate this element.');
  for (const name of ['policyRule', 'modifierExtension', 'implicitRules']) {
    if (consent[name] !== undefined) refuse(name);
  }
  for (const name of UNEVALUATED_PROVISION_ELEMENTS) {
    if (provision[name] !== undefined) refuse(`provision.${name}`);
  }
  const parts = {
    policy: objectsAt(consent, 'policy'),
    'provision.data': objectsAt(provision, 'data'),
  };
  for (const [at, elements] of Object.entries(parts)) {
    elements.forEach((each, index) => {
      if (each.modifierExtension !== undefined) refuse(`${at}[${index}].modifierExtension`);
    });
  }
}
