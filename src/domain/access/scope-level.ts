import type { Role } from './caller.ts';
import type { Scope, ScopeLevel } from './scope.ts';

const SYSTEM_ROLES: readonly string[] = ['gp-system', 'care-system', 'extractor'] satisfies Role[];

/** Whether a role is that of a system, and of no person; also one that the audit log names. */
export function isSystemRole(role: string): boolean {
  return SYSTEM_ROLES.includes(role);
}

/** What decides which scopes count for a caller. */
export interface ScopeHolder {
  readonly role: Role;
  readonly launchPatient: string | null;
}

/**
 * The levels at which scopes count for a caller: `system/` for systems and nobody else, `user/` for
 * persons, `patient/` for a patient and for a person whose token is limited to one patient
 * (http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html).
 */
export function levelsFor(holder: ScopeHolder): readonly ScopeLevel[] {
  if (isSystemRole(holder.role)) return ['system'];
  if (holder.role === 'patient') return ['patient', 'user'];
  return holder.launchPatient === null ? ['user'] : ['user', 'patient'];
}

/** Those of the scopes that count for a caller; the others grant nothing. */
export function scopesInForce(holder: ScopeHolder, scopes: readonly Scope[]): readonly Scope[] {
  const levels = levelsFor(holder);
  return scopes.filter((scope) => levels.includes(scope.level));
}
