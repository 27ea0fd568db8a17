import { personOf } from '../domain/access/caller.ts';
import type { Claim, ClaimReason } from '../domain/access/claim.ts';
import { asAuditEvent } from '../domain/audit/as-audit-event.ts';
import { successEntry } from '../domain/audit/compose.ts';
import { objectsAt, textAt } from '../domain/fhir/elements.ts';
import { isObject, type Json, writeJson } from '../domain/fhir/json.ts';
import { isNhsNumber } from '../domain/fhir/nhs-number.ts';
import { CLAIM_NOTE_CHARACTERS_MAX } from '../domain/limits.ts';
import { type Issue, problem, problems } from '../domain/problem.ts';
import { fail, type Result, succeed } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import type { Interaction } from './perform.ts';
import { frameOf, releaseCommitted } from './release.ts';

/**
 * `$claim-relationship` (contract, section 3): records that this person at this organisation has a
 * relationship with a patient, until it expires, and alerts the organisation's privacy officer.
 * Answers alike whether or not the number is known or opted out; `invalid` names every fault.
 */
export function claimRelationship(body: Json): Interaction {
  return async (context, call) => {
    const form = readClaimForm(body);
    if (!form.ok) return form;
    const claim = claimOf(context, call, form.value);
    const alert = { organization: claim.organization, kind: 'self-claim' as const };
    const details = { patient: claim.patient, entityNames: ['Patient'], claim, alert };
    const entry = successEntry(frameOf(context, call), details);
    await context.store.appendAudit([entry]);
    const event = asAuditEvent(entry, { baseUrl: context.baseUrl });
    return releaseCommitted({
      status: 'created',
      body: [new TextEncoder().encode(writeJson(event))],
      lastUpdated: entry.recorded,
      location: `AuditEvent/${entry.id}`,
    });
  };
}

interface ClaimForm {
  readonly nhsNumber: string;
  readonly reason: ClaimReason;
  readonly note: string | null;
}

const REASONS: readonly string[] = ['care-episode', 'emergency', 'legal'];

function readClaimForm(body: Json): Result<ClaimForm> {
  if (!isObject(body) || body.resourceType !== 'Parameters') {
    return fail(problem('invalid', 'structure', 'A Parameters resource is expected.'));
  }
  const part = (name: string, element: string): string | null => {
    const found = objectsAt(body, 'parameter').filter((each) => textAt(each, 'name') === name);
    return found.length === 1 && found[0] ? textAt(found[0], element) : null;
  };
  const nhsNumber = part('nhsNumber', 'valueString') ?? '';
  const reason = part('reason', 'valueCode') ?? '';
  const note = part('note', 'valueString');
  const issues: Issue[] = [];
  if (!isNhsNumber(nhsNumber)) issues.push(fault('nhsNumber', 'One NHS number is needed.'));
  if (!REASONS.includes(reason)) {
    issues.push(fault('reason', `One reason of ${REASONS.join(', ')} is needed.`));
  }
  if ((note ?? '').length > CLAIM_NOTE_CHARACTERS_MAX) {
    issues.push(fault('note', `A note has ${CLAIM_NOTE_CHARACTERS_MAX} characters at most.`));
  }
  if (issues.length > 0) return fail(problems('invalid', issues));
  return succeed({ nhsNumber, reason: reason as ClaimReason, note });
}

function fault(name: string, diagnostics: string): Issue {
  const expression = `Parameters.parameter.where(name='${name}')`;
  return { code: 'value', diagnostics, expression };
}

function claimOf(context: Context, { caller }: Call, form: ClaimForm): Claim {
  const now = context.clock.now();
  const lifetime = context.rules.claimHours * 3_600_000;
  return {
    patient: context.names.recordId(form.nhsNumber),
    person: personOf(caller),
    organization: caller.organization,
    reason: form.reason,
    note: form.note,
    madeAt: new Date(now).toISOString(),
    expiresAt: new Date(now + lifetime).toISOString(),
  };
}
