import { type Caller, isRole, ROLES, type Role } from '../domain/access/caller.ts';
import type { Scope } from '../domain/access/scope.ts';
import type { Requester } from '../domain/consent/rule.ts';
import { objectAt, textAt } from '../domain/fhir/elements.ts';
import { isObject, type Json } from '../domain/fhir/json.ts';
import { ParameterForm } from '../domain/fhir/parameters.ts';
import { patientIdOf, recordIdOfToken } from '../domain/fhir/patient-reference.ts';
import { NHS_NUMBER, ODS_CODE } from '../domain/fhir/systems.ts';
import { problem, problems } from '../domain/problem.ts';
import type { CareRecord } from '../domain/record/care-record.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { patientNaming } from './patient-naming.ts';

/** Whose access to whose record is to be explained. */
export interface AccessQuestion {
  readonly recordId: string;
  readonly role: Role;
  /** Empty for the patient, who acts for none. */
  readonly organization: string;
  readonly purpose: string | null;
  /**
   * Whether to assume that the person claimed a relationship, on the basis that the purpose needs.
   */
  readonly relationship: boolean;
}

/** Reads the Parameters of `$explain-access`; `invalid` names every fault. */
export function readQuestion(body: Json, context: Context, caller: Caller): Result<AccessQuestion> {
  if (!isObject(body) || body.resourceType !== 'Parameters') {
    return fail(problem('invalid', 'structure', 'A Parameters resource is expected.'));
  }
  const form = new ParameterForm(body);
  const recordId = patientIn(form, context);
  const stated = form.text('role', 'valueCode') ?? '';
  const role = isRole(stated) ? stated : null;
  if (role === null) form.fault('role', `One role of ${ROLES.join(', ')} is needed.`);
  const organization = organizationIn(form, role);
  const purpose = form.text('purpose', 'valueCode');
  const relationship = relationshipIn(form);
  if (caller.role === 'practice-staff') checkSystem(form, role, organization, caller);
  if (recordId === null || role === null || organization === null || form.issues.length > 0) {
    return fail(problems('invalid', form.issues));
  }
  return succeed({ recordId, role, organization, purpose, relationship });
}

function patientIn(form: ParameterForm, context: Context): string | null {
  const naming = patientNaming(context);
  const reference = objectAt(form.one('patient') ?? {}, 'valueReference');
  const literal = reference && textAt(reference, 'reference');
  const number = form.identified('patient', NHS_NUMBER) ?? '';
  const recordId = literal ? patientIdOf(literal, naming) : recordIdOfToken(number, naming);
  if (recordId === null) form.fault('patient', 'Patient/[id] or an NHS number is needed.');
  return recordId;
}

function organizationIn(form: ParameterForm, role: Role | null): string | null {
  if (role === 'patient') return '';
  const code = form.identified('organization', ODS_CODE) ?? '';
  if (/^[A-Za-z0-9]{1,12}$/.test(code)) return code;
  form.fault('organization', 'The ODS code of an organisation is needed.');
  return null;
}

function relationshipIn(form: ParameterForm): boolean {
  const value = form.one('relationship')?.valueBoolean ?? false;
  if (typeof value !== 'boolean') form.fault('relationship', 'It is true or false.');
  return value === true;
}

/**
 * A system elsewhere reads back what it recorded itself, so whether there is anything for it tells
 * whether that organisation recorded something, which staff do not see.
 */
function checkSystem(
  form: ParameterForm,
  role: Role | null,
  organization: string | null,
  caller: Caller,
): void {
  const isSystem = role === 'gp-system' || role === 'care-system';
  if (!isSystem || organization === caller.organization) return;
  const words = 'A system elsewhere reads back what it recorded itself, and nothing of yours.';
  form.fault('role', words);
}

/** The question as the target of a request, for the audit log. */
export function questionTarget({ act }: Call, question: AccessQuestion): string {
  const { recordId, role, organization, purpose, relationship } = question;
  const asked = new URLSearchParams({ patient: `Patient/${recordId}`, role });
  if (organization !== '') asked.set('organization', organization);
  if (purpose !== null) asked.set('purpose', purpose);
  if (relationship) asked.set('relationship', 'true');
  return `${act.target}?${asked}`;
}

/** Scopes are a matter of the viewer's software: explained is what the rules about people say. */
export const EVERY_SCOPE: readonly Scope[] = (['patient', 'user', 'system'] as const).map(
  (level) => ({ level, type: '*', permissions: 'cruds' }),
);

/** Who would be asking: a person with nothing but what the question says of them. */
export function askedOf(
  { recordId, role, organization, purpose, relationship }: AccessQuestion,
  record: CareRecord | null,
  now: number,
): Requester {
  const moment = new Date(now).toISOString();
  const caller: Caller = {
    issuer: '',
    subject: '',
    name: null,
    role,
    organization,
    organizationName: null,
    purpose,
    scopes: EVERY_SCOPE,
    client: null,
    tokenId: null,
    launchPatient: null,
    nhsNumber: role === 'patient' ? (record?.nhsNumber ?? null) : null,
    expiresAt: 0,
  };
  if (!relationship) return { caller, claims: [] };
  const claim = {
    patient: recordId,
    person: '',
    organization,
    // Access on a legal basis needs a claim that names it: assumed as well.
    reason: purpose === 'HLEGAL' ? ('legal' as const) : ('care-episode' as const),
    note: null,
    madeAt: moment,
    expiresAt: moment,
  };
  return { caller, claims: [claim] };
}
