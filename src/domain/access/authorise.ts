import { type Problem, problem } from '../problem.ts';
import type { Caller } from './caller.ts';
import { rolesFor } from './role-table.ts';
import { levelsFor, scopesInForce } from './scope-level.ts';
import { type ScopeNeed, scopeNeed } from './scope-needs.ts';

/** What is being done, as far as roles and scopes care. */
export interface Attempt {
  /** A FHIR interaction (`read`, `search-type`, `create`, `update`) or an operation's name. */
  readonly interaction: string;
  /** A resource type, or `System`. */
  readonly type: string;
}

/**
 * Whether a caller's role and scopes both allow an attempt (contract, section 2): null when they
 * do, else the refusal, which says which role or which scope is missing. What is not listed is
 * denied. Whether the caller may see or change this patient's data is not decided here.
 */
export function authorise(caller: Caller, attempt: Attempt): Problem | null {
  const roles = rolesFor(attempt.interaction, attempt.type);
  const need = scopeNeed(attempt.interaction, attempt.type);
  if (need === null || !roles.includes(caller.role)) {
    return problem('forbidden', 'forbidden', roleRefusal(caller, attempt, roles));
  }
  if (!need.met(scopesInForce(caller, caller.scopes))) {
    return problem('forbidden', 'forbidden', scopeRefusal(caller, attempt, need));
  }
  return null;
}

function roleRefusal(caller: Caller, attempt: Attempt, roles: readonly string[]): string {
  const who = roles.length === 0 ? 'No role may.' : `Roles that may: ${roles.join(', ')}.`;
  return `The role ${caller.role} may not ${inWords(attempt)}. ${who}`;
}

function scopeRefusal(caller: Caller, attempt: Attempt, need: ScopeNeed): string {
  const scopes = levelsFor(caller).map((level) => `${level}/${need.example}`);
  return (
    `The scopes of the token do not allow the role ${caller.role} to ${inWords(attempt)}. ` +
    `It needs ${scopes.join(' or ')}, or a scope that includes it.`
  );
}

function inWords({ interaction, type }: Attempt): string {
  if (interaction === 'batch' || interaction === 'transaction') return `send a ${interaction}`;
  if (type === 'System') return `call $${interaction}`;
  return interaction === 'search-type' ? `search ${type}` : `${interaction} ${type}`;
}
