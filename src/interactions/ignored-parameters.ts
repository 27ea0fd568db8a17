import { type BundleEntry, OUTCOME_URL } from '../domain/fhir/bundle.ts';

/**
 * The OperationOutcome entry that says which parameters were passed over
 * (http://hl7.org/fhir/R4/search.html#errors); none when all were understood.
 */
export function ignoredParameters(names: readonly string[]): readonly BundleEntry[] {
  if (names.length === 0) return [];
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: names.map((name) => ({
      severity: 'warning',
      code: 'not-supported',
      diagnostics: `The parameter ${name} is not supported here and was passed over.`,
    })),
  };
  const resource = new TextEncoder().encode(JSON.stringify(outcome));
  return [{ fullUrl: OUTCOME_URL, resource, mode: 'outcome' }];
}
