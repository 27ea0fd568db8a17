import type { JsonObject } from '../domain/fhir/json.ts';
import type { Issue } from '../domain/problem.ts';
import { validate } from '../domain/validation/validate.ts';

/** What was found of a resource: errors keep it from being written, warnings do not. */
export interface Findings {
  readonly faults: readonly Issue[];
  readonly advice: readonly Issue[];
}

/** What a resource is like by itself: by R4, and by a profile or else the one asked of its type. */
export async function findingsOf(resource: JsonObject, profile: string | null): Promise<Findings> {
  const faults = validate(resource, profile === null ? {} : { profile });
  const { advise } = await import('../domain/validation/advise.ts');
  return { faults, advice: advise(resource, profile ?? undefined) };
}

/** The OperationOutcome of findings, as UTF-8; `fine` is what it says where there is no fault. */
export function outcomeText({ faults, advice }: Findings, fine: string): Uint8Array {
  const nothing = { severity: 'information', code: 'informational', diagnostics: fine };
  const issue = [
    ...(faults.length === 0 ? [nothing] : faults.map(rendered('error'))),
    ...advice.map(rendered('warning')),
  ];
  return new TextEncoder().encode(JSON.stringify({ resourceType: 'OperationOutcome', issue }));
}

function rendered(severity: string): (issue: Issue) => object {
  return ({ code, diagnostics, expression }) => ({
    severity,
    code,
    diagnostics,
    ...(expression === undefined ? {} : { expression: [expression] }),
  });
}
