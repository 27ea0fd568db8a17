import type { FhirRequest } from './route.ts';

/** What a caller wants back after a change (http://hl7.org/fhir/R4/http.html#ops). */
export type ReturnPreference = 'minimal' | 'representation' | 'OperationOutcome';

const RETURNS: readonly ReturnPreference[] = ['minimal', 'representation', 'OperationOutcome'];

/** `Prefer: return=…`; null when none is stated that is known. */
export function returnPreference(request: Pick<FhirRequest, 'headers'>): ReturnPreference | null {
  const stated = preferencesOf(request);
  return RETURNS.find((each) => stated.includes(`return=${each.toLowerCase()}`)) ?? null;
}

/** `Prefer: handling=strict` (http://hl7.org/fhir/R4/search.html#errors). */
export function isStrict(request: Pick<FhirRequest, 'headers'>): boolean {
  return preferencesOf(request).includes('handling=strict');
}

function preferencesOf({ headers }: Pick<FhirRequest, 'headers'>): readonly string[] {
  if (headers.prefer === undefined) return [];
  const stated = [headers.prefer].flat().join(',');
  return stated.split(/[,;]/).map((each) => each.trim().replaceAll('"', '').toLowerCase());
}
