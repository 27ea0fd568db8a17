/**
 * A SMART App Launch 2.2 scope
 * (http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html).
 */
export interface Scope {
  readonly level: ScopeLevel;
  /** A resource type, or `*`. */
  readonly type: string;
  /** Letters of `cruds`. */
  readonly permissions: string;
}

/** On whose behalf a scope speaks: one patient's data, a person's access, or a system's own. */
export type ScopeLevel = 'patient' | 'user' | 'system';

/** One letter of `cruds`: create, read, update, delete, search. */
export type Permission = 'c' | 'r' | 'u' | 'd' | 's';

/** The end of the pattern is what refuses a `?query`: a restriction that cannot be honoured. */
const SCOPE = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*|c?r?u?d?s?)$/;

/** What the words of SMART v1 mean in letters of v2. */
const V1: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/**
 * The scopes that a `scope` claim grants: a text with blanks between them, or a list. Whatever is
 * not a resource scope, is malformed, or is restricted by a query (`?…`) grants nothing, and is
 * left out.
 */
export function parseScopes(scope: string | readonly string[]): readonly Scope[] {
  const words = typeof scope === 'string' ? scope.split(/\s+/) : scope;
  return words.map(parseScope).filter((parsed) => parsed !== null);
}

function parseScope(word: string): Scope | null {
  const [, level, type, letters] = SCOPE.exec(word) ?? [];
  if (!isLevel(level) || type === undefined || !letters) return null;
  return { level, type, permissions: V1[letters] ?? letters };
}

function isLevel(word: string | undefined): word is ScopeLevel {
  return word === 'patient' || word === 'user' || word === 'system';
}

/** Whether scopes grant a permission on a resource type; `*` asks for it on every type. */
export function allows(scopes: readonly Scope[], type: string, permission: Permission): boolean {
  return scopes.some(
    (scope) =>
      (scope.type === '*' || scope.type === type) && scope.permissions.includes(permission),
  );
}

/** Whether scopes grant every one of the permissions on every one of the types. */
export function allowsAll(
  scopes: readonly Scope[],
  types: Iterable<string>,
  permissions: readonly Permission[],
): boolean {
  for (const type of types) {
    if (!permissions.every((permission) => allows(scopes, type, permission))) return false;
  }
  return true;
}
