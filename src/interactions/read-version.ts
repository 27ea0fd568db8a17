import { recordIdOf } from '../domain/fhir/record-id.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { NOTHING_FOUND, problem } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import { readShape } from '../domain/search/read-shape.ts';
import { auditedEntries, entryTexts } from './entry-texts.ts';
import { openHistory } from './open-history.ts';
import type { Interaction } from './perform.ts';
import { presentedFrom } from './presented-from.ts';
import { release } from './release.ts';
import { shapedTexts } from './shaped-texts.ts';

/**
 * `vread` (http://hl7.org/fhir/R4/http.html#vread). An earlier version is disclosed where both it
 * and the current one may be (contract, section 4, rule 12); a version that is hidden and one that
 * never was are both `not-found`, and the version that is a withdrawal is `gone`.
 */
export function readVersion(
  type: RecordType,
  id: string,
  versionId: string,
  parameters: URLSearchParams,
): Interaction {
  return async (context, call) => {
    const shape = readShape(parameters);
    if (!shape.ok) return shape;
    const recordId = recordIdOf(id);
    const { disclosure, versions } = await openHistory(
      context,
      call,
      recordId,
      (entry) => entry.id === id && entry.type === type,
    );
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    const { view, rules, alert } = disclosure;
    const version = versions.find((each) => each.versionId === versionId);
    if (view === null || version === undefined || version.withdrawn) {
      const why = version?.withdrawn ? WITHDRAWAL : NOTHING_FOUND;
      return fail({ ...why, audit: { patient: recordId, rules, alert } });
    }
    const details = {
      patient: recordId,
      ...auditedEntries(view, [version]),
      rules,
      alert,
    };
    const body = shapedTexts(await entryTexts(context, view, [version]), shape.value);
    const { lastUpdated } = version;
    const isComposed = presentedFrom(view, version).length > 0;
    const answer = { status: 'ok', body, versionId, lastUpdated, isComposed } as const;
    return release(context, call, details, answer);
  };
}

const WITHDRAWAL = problem('gone', 'deleted', 'This version is the entry’s withdrawal.');
