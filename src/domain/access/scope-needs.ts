import { isRecordType, RECORD_TYPES, sectionOf } from '../fhir/resource-types.ts';
import { allows, type Permission, type Scope } from './scope.ts';

/** The letter that each FHIR interaction needs on its resource type. */
const PERMISSION_FOR: Readonly<Record<string, Permission>> = {
  read: 'r',
  vread: 'r',
  'history-instance': 'r',
  everything: 'r',
  meta: 'r',
  validate: 'r',
  summary: 'r',
  'search-type': 's',
  'history-type': 's',
  'history-system': 's',
  create: 'c',
  update: 'u',
  patch: 'u',
  delete: 'd',
};

const CLINICAL_TYPES = RECORD_TYPES.filter(
  (type) => sectionOf(type) === 'core' || sectionOf(type) === 'additional',
);

/** What an attempt needs of a token's scopes. */
export interface ScopeNeed {
  /** Whether scopes (those that count for the caller) are enough. */
  met(scopes: readonly Scope[]): boolean;
  /** The scope without its level, as in `MedicationStatement.s`: for the words of a refusal. */
  readonly example: string;
}

/**
 * What an attempt needs of scopes; null when the interaction is not known, which denies it.
 * `submit-record` needs `c` and `u` on some type here, and the interaction itself asks for them on
 * every type in the record. SMART has no letter for claiming a relationship, which discloses
 * nothing by itself: it is for those who may read clinical content, so it needs `r` on some
 * clinical type. Nor has it one for resolving an alert, which never changes what is in the log, or
 * for explaining access: who may read the log may do the one, who may read choices or the log the
 * other.
 */
export function scopeNeed(interaction: string, type: string): ScopeNeed | null {
  if (interaction === 'batch' || interaction === 'transaction') return EACH_BY_ITSELF;
  if (interaction === 'submit-record') return { met: writesSomething, example: '*.cu' };
  if (interaction === 'claim-relationship') return { met: readsClinical, example: '*.r' };
  if (interaction === 'resolve-alert') return { met: readsLog, example: 'AuditEvent.r' };
  if (interaction === 'explain-access') return { met: readsChoices, example: 'Consent.r' };
  const permission = PERMISSION_FOR[interaction];
  if (permission === undefined) return null;
  return { met: (scopes) => allows(scopes, type, permission), example: `${type}.${permission}` };
}

/** What a Bundle asks for is authorised entry by entry. */
const EACH_BY_ITSELF: ScopeNeed = { met: () => true, example: '*.cruds' };

function writesSomething(scopes: readonly Scope[]): boolean {
  return scopes.some(
    ({ type }) =>
      (type === '*' || isRecordType(type)) &&
      allows(scopes, type, 'c') &&
      allows(scopes, type, 'u'),
  );
}

function readsLog(scopes: readonly Scope[]): boolean {
  return allows(scopes, 'AuditEvent', 'r');
}

function readsChoices(scopes: readonly Scope[]): boolean {
  return allows(scopes, 'Consent', 'r') || readsLog(scopes);
}

function readsClinical(scopes: readonly Scope[]): boolean {
  return CLINICAL_TYPES.some((type) => allows(scopes, type, 'r'));
}
