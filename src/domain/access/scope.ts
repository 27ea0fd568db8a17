/** A SMART App Launch 2.2 scope (http://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html). */
export interface Scope {
  readonly level: 'patient' | 'user' | 'system';
  /** A resource type, or `*`. */
  readonly type: string;
  /** Letters of `cruds`. */
  readonly permissions: string;
}

/** One letter of `cruds`: create, read, update, delete, search. */
export type Permission = 'c' | 'r' | 'u' | 'd' | 's';
