import { asAuditEvent } from '../domain/audit/as-audit-event.ts';
import { writeJson } from '../domain/fhir/json.ts';
import { NOTHING_FOUND } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import { readShape, shapedAs } from '../domain/search/read-shape.ts';
import { auditViewOf } from './audit-view-of.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';

/**
 * `read` of one AuditEvent (http://hl7.org/fhir/R4/http.html#read). `not-found` for what does not
 * exist and for what this caller may not see; `forbidden` for roles without a view of the log.
 */
export function readAuditEvent(id: string, parameters: URLSearchParams): Interaction {
  return async (context, call) => {
    const shape = readShape(parameters);
    if (!shape.ok) return shape;
    const view = await auditViewOf(context, call);
    if (!view.ok) return view;
    const stored = await context.store.auditEntry(id);
    const entry = stored === null ? null : view.value.show(stored);
    if (stored === null || entry === null) return fail(NOTHING_FOUND);
    const { baseUrl } = context;
    const event = asAuditEvent(entry, { baseUrl }, view.value.words(entry));
    const body = new TextEncoder().encode(writeJson(shapedAs(event, shape.value)));
    const details = {
      // Not as it is shown: whether that names the patient may hang on what is hidden from them.
      patient: stored.patient,
      entities: [`AuditEvent/${id}/_history/1`],
      entityNames: ['AuditEvent'],
    };
    const versionId = '1';
    const lastUpdated = entry.recorded;
    return release(context, call, details, { status: 'ok', body: [body], versionId, lastUpdated });
  };
}
