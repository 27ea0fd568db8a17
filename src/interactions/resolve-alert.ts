import { asAuditEvent } from '../domain/audit/as-audit-event.ts';
import type { AuditView } from '../domain/audit/audit-view.ts';
import { successEntry } from '../domain/audit/compose.ts';
import type { AuditEntry } from '../domain/audit/entry.ts';
import {
  type AlertStatus,
  canFollow,
  RESOLUTION_ACTIONS,
  type Resolution,
  resolutionName,
  statusAfter,
} from '../domain/audit/resolution.ts';
import { isObject, type Json, writeJson } from '../domain/fhir/json.ts';
import { ParameterForm } from '../domain/fhir/parameters.ts';
import { ALERT_REASON_CHARACTERS_MAX } from '../domain/limits.ts';
import { NOTHING_FOUND, type Problem, problem, problems } from '../domain/problem.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import { resolutionsOf } from './alert-resolutions.ts';
import { auditViewOf } from './audit-view-of.ts';
import type { Call, Context } from './context.ts';
import type { Interaction } from './perform.ts';
import { frameOf, releaseCommitted } from './release.ts';
import type { Released } from './released.ts';

/**
 * `AuditEvent/[id]/$resolve-alert`: a privacy officer closes or escalates an alert to their
 * organisation, with a reason. The alert itself is never changed: the log gets an entry that refers
 * to it. `invalid` names every fault; `not-found` for another organisation's alert and for what is
 * no alert; `conflict` for one that was closed, or escalated, before.
 */
export function resolveAlert(id: string, body: Json): Interaction {
  return async (context, call) => {
    const form = readResolution(id, body);
    if (!form.ok) return form;
    const view = await auditViewOf(context, call);
    if (!view.ok) return view;
    const alert = await context.store.auditEntry(id);
    const own = alert?.alert?.organization === call.caller.organization;
    if (alert === null || !own || view.value.show(alert) === null) return fail(NOTHING_FOUND);
    // Officers in one process go one after the other; those in others are told apart afterwards.
    return context.turns.take(resolutionName(id), () =>
      resolve(context, call, view.value, alert, form.value),
    );
  };
}

function readResolution(alert: string, body: Json): Result<Resolution> {
  if (!isObject(body) || body.resourceType !== 'Parameters') {
    return fail(problem('invalid', 'structure', 'A Parameters resource is expected.'));
  }
  const form = new ParameterForm(body);
  const stated = form.text('action', 'valueCode');
  const reason = form.text('reason', 'valueString')?.trim() ?? '';
  const action = RESOLUTION_ACTIONS.find((each) => each === stated);
  if (action === undefined) form.fault('action', `It is ${RESOLUTION_ACTIONS.join(' or ')}.`);
  if (reason === '' || reason.length > ALERT_REASON_CHARACTERS_MAX) {
    const words = `A reason of at most ${ALERT_REASON_CHARACTERS_MAX} characters is needed.`;
    form.fault('reason', words);
  }
  if (action === undefined || form.issues.length > 0) return fail(problems('invalid', form.issues));
  return succeed({ alert, action, reason });
}

async function resolve(
  context: Context,
  call: Call,
  view: AuditView,
  alert: AuditEntry,
  resolution: Resolution,
): Promise<Result<Released>> {
  const before = await standing(context, alert.id, null);
  if (!canFollow(before, resolution.action)) return fail(already(before));
  const entry = successEntry(frameOf(context, call), {
    patient: alert.patient,
    entityNames: ['AuditEvent', resolutionName(alert.id)],
    resolution,
  });
  await context.store.appendAudit([entry]);
  // The log has no compare-and-set: of two processes that were as fast, neither is told it was.
  const others = await standing(context, alert.id, entry.id);
  if (!canFollow(others, resolution.action)) return fail(already(others));
  const event = asAuditEvent(view.show(entry) ?? entry, { baseUrl: context.baseUrl });
  return releaseCommitted({
    status: 'created',
    body: [new TextEncoder().encode(writeJson(event))],
    lastUpdated: entry.recorded,
    location: `AuditEvent/${entry.id}`,
  });
}

/** Where an alert stands, apart from what one entry did. */
async function standing(
  context: Context,
  alertId: string,
  apartFrom: string | null,
): Promise<AlertStatus> {
  const done = await resolutionsOf(context, [alertId]);
  const others = done.filter(({ id }) => id !== apartFrom);
  return statusAfter(others.map(({ resolution }) => resolution.action));
}

function already(status: AlertStatus): Problem {
  return problem('conflict', 'conflict', `This alert is ${status} already.`);
}
