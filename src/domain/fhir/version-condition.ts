import { type Problem, problem } from '../problem.ts';

/** Which versions a change is meant for (`If-Match`): any at all, or one of these. */
export type VersionCondition = '*' | readonly string[];

/**
 * Reads an `If-Match` (RFC 9110, section 13.1.1; http://hl7.org/fhir/R4/http.html#concurrency):
 * `W/"id"`, and for lenience `"id"` and `id`, several with commas. Null when it is none.
 */
export function readVersionCondition(text: string): VersionCondition | null {
  if (text.trim() === '*') return '*';
  const versions = text.split(',').map((tag) => TAG.exec(tag.trim())?.[1]);
  return versions.every((version) => version !== undefined) ? versions : null;
}

const TAG = /^(?:W\/)?"?([A-Za-z0-9\-.]{1,64})"?$/;

/**
 * Why a change that is meant for these versions may not be made to this one; null when it may.
 * `version` null is no version at all.
 */
export function versionRefusal(
  condition: VersionCondition | null,
  version: string | null,
): Problem | null {
  if (condition === null) return null;
  const met = version !== null && (condition === '*' || condition.includes(version));
  return met ? null : CHANGED_SINCE;
}

const CHANGED_SINCE = problem(
  'precondition-failed',
  'conflict',
  'The current version is another one than If-Match names: read it, and decide anew.',
);
