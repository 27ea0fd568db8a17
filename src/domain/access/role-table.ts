import { RECORD_TYPES, sectionOf } from '../fhir/resource-types.ts';
import { ROLES, type Role } from './caller.ts';

/** What can be attempted: FHIR's names (http://hl7.org/fhir/R4/http.html), and our operations'. */
export const INTERACTION_NAMES = [
  'read',
  'vread',
  'history-instance',
  'history-type',
  'history-system',
  'search-type',
  'everything',
  'meta',
  'validate',
  'summary',
  'create',
  'update',
  'patch',
  'delete',
  'batch',
  'transaction',
  'submit-record',
  'claim-relationship',
  'resolve-alert',
  'explain-access',
] as const;
export type InteractionName = (typeof INTERACTION_NAMES)[number];

/** These roles may attempt this on these types; what no row allows is denied. */
export interface RoleRow {
  readonly interaction: InteractionName;
  /** Resource types, or `System` for an operation on the whole server. */
  readonly types: readonly string[];
  readonly roles: readonly Role[];
}

/** Roles that may ask for clinical content; which of it they get, the rules of consent decide. */
const READERS: readonly Role[] = [
  'gp-system',
  'care-system',
  'practice-staff',
  'clinician',
  'patient',
];

/** Systems that write what their own organisation records. */
const RECORDERS: readonly Role[] = ['gp-system', 'care-system'];

/** Roles that record choices; whose choices each may record, the interaction decides. */
const CHOOSERS: readonly Role[] = ['practice-staff', 'clinician', 'patient'];

const REVIEWERS: readonly Role[] = ['privacy-officer', 'auditor', 'patient'];

/** Choices are recorded by persons; and a Patient is not withdrawn while there is a record. */
const RECORDED_TYPES = RECORD_TYPES.filter((type) => sectionOf(type) !== 'consent');
const WITHDRAWN_TYPES = RECORDED_TYPES.filter((type) => sectionOf(type) !== 'patient');

/** Who may attempt what (contract, section 2, table of roles). */
export const ROLE_TABLE: readonly RoleRow[] = [
  { interaction: 'read', types: RECORD_TYPES, roles: READERS },
  { interaction: 'vread', types: RECORD_TYPES, roles: READERS },
  { interaction: 'history-instance', types: RECORD_TYPES, roles: READERS },
  { interaction: 'history-type', types: RECORD_TYPES, roles: READERS },
  { interaction: 'history-system', types: ['System'], roles: READERS },
  { interaction: 'search-type', types: RECORD_TYPES, roles: READERS },
  { interaction: 'meta', types: RECORD_TYPES, roles: READERS },
  { interaction: 'validate', types: RECORD_TYPES, roles: READERS },
  { interaction: 'everything', types: ['Patient'], roles: READERS },
  { interaction: 'summary', types: ['Patient'], roles: READERS },
  { interaction: 'read', types: ['Bundle'], roles: READERS },
  { interaction: 'create', types: RECORDED_TYPES, roles: RECORDERS },
  { interaction: 'update', types: RECORDED_TYPES, roles: RECORDERS },
  { interaction: 'patch', types: RECORDED_TYPES, roles: RECORDERS },
  { interaction: 'delete', types: WITHDRAWN_TYPES, roles: RECORDERS },
  { interaction: 'create', types: ['Consent'], roles: CHOOSERS },
  { interaction: 'update', types: ['Consent'], roles: CHOOSERS },
  { interaction: 'patch', types: ['Consent'], roles: CHOOSERS },
  { interaction: 'delete', types: ['Consent'], roles: CHOOSERS },
  { interaction: 'batch', types: ['System'], roles: ROLES },
  { interaction: 'transaction', types: ['System'], roles: RECORDERS },
  { interaction: 'read', types: ['AuditEvent'], roles: REVIEWERS },
  { interaction: 'search-type', types: ['AuditEvent'], roles: REVIEWERS },
  { interaction: 'submit-record', types: ['System'], roles: RECORDERS },
  { interaction: 'claim-relationship', types: ['System'], roles: ['clinician'] },
  { interaction: 'resolve-alert', types: ['AuditEvent'], roles: ['privacy-officer'] },
  { interaction: 'explain-access', types: ['System'], roles: ['practice-staff', 'auditor'] },
];

/** The roles that may attempt an interaction on a type: none when the table does not know it. */
export function rolesFor(interaction: string, type: string): readonly Role[] {
  const row = ROLE_TABLE.find(
    (candidate) => candidate.interaction === interaction && candidate.types.includes(type),
  );
  return row?.roles ?? [];
}
