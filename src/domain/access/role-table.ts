import { RECORD_TYPES, sectionOf } from '../fhir/resource-types.ts';
import type { Role } from './caller.ts';

/** What can be attempted: FHIR's names (http://hl7.org/fhir/R4/http.html), and our operations'. */
export const INTERACTION_NAMES = [
  'read',
  'vread',
  'history-instance',
  'history-type',
  'history-system',
  'search-type',
  'everything',
  'summary',
  'create',
  'update',
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

/** Roles that record choices; whose choices each may record, the interaction decides. */
const CHOOSERS: readonly Role[] = ['practice-staff', 'clinician', 'patient'];

const REVIEWERS: readonly Role[] = ['privacy-officer', 'auditor', 'patient'];

/** Supporting resources are reached from the entries that refer to them, never searched for. */
const SEARCHED_TYPES = RECORD_TYPES.filter((type) => sectionOf(type) !== 'supporting');

/** Who may attempt what (contract, section 2, table of roles). */
export const ROLE_TABLE: readonly RoleRow[] = [
  { interaction: 'read', types: RECORD_TYPES, roles: READERS },
  { interaction: 'vread', types: RECORD_TYPES, roles: READERS },
  { interaction: 'history-instance', types: RECORD_TYPES, roles: READERS },
  { interaction: 'history-type', types: RECORD_TYPES, roles: READERS },
  { interaction: 'history-system', types: ['System'], roles: READERS },
  { interaction: 'search-type', types: SEARCHED_TYPES, roles: READERS },
  { interaction: 'everything', types: ['Patient'], roles: READERS },
  { interaction: 'summary', types: ['Patient'], roles: READERS },
  { interaction: 'create', types: ['Consent'], roles: CHOOSERS },
  { interaction: 'update', types: ['Consent'], roles: CHOOSERS },
  { interaction: 'read', types: ['AuditEvent'], roles: REVIEWERS },
  { interaction: 'search-type', types: ['AuditEvent'], roles: REVIEWERS },
  { interaction: 'submit-record', types: ['System'], roles: ['gp-system', 'care-system'] },
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
