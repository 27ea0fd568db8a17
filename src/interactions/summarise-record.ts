import { recordIdOfToken } from '../domain/fhir/patient-reference.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import { sectionOf } from '../domain/fhir/resource-types.ts';
import { NOTHING_FOUND, problem } from '../domain/problem.ts';
import { fail, type Result } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { auditedAlone } from './entry-texts.ts';
import { openRecord } from './open-record.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';
import { frameOf, release } from './release.ts';
import type { Released } from './released.ts';
import { writeSummary } from './write-summary.ts';

/** `Patient/[id]/$summary` (https://hl7.org/fhir/uv/ips/): a document of what may be disclosed. */
export function summarisePatient(id: string): Interaction {
  return (context, call) => summariseRecord(context, call, recordIdOf(id), id);
}

/** `Patient/$summary?identifier=`: the same, by NHS number. */
export function summariseByIdentifier(parameters: URLSearchParams): Interaction {
  return async (context, call) => {
    const token = parameters.get('identifier');
    if (token === null) return fail(WHICH_PATIENT);
    const recordId = recordIdOfToken(token, patientNaming(context)) ?? '';
    return summariseRecord(context, call, recordId, recordId);
  };
}

const WHICH_PATIENT = problem('malformed', 'required', 'identifier=[system]|[number] is needed.');

async function summariseRecord(
  context: Context,
  call: Call,
  recordId: string,
  patientId: string,
): Promise<Result<Released>> {
  const disclosure = await openRecord(context, call, recordId, 'all');
  if (disclosure.outcome === 'refused') return fail(disclosure.problem);
  const { view, rules, alert } = disclosure;
  // A Patient may be withheld by themselves (a label); then there is nobody to summarise.
  const named = view?.entries.some((entry) => entry.type === 'Patient' && entry.id === patientId);
  if (view === null || !named) {
    return fail({ ...NOTHING_FOUND, audit: { patient: recordId, rules } });
  }
  const frame = frameOf(context, call);
  const at = new Date(frame.now).toISOString();
  const disclosed = view.entries.filter((entry) => sectionOf(entry.type) !== 'consent');
  // The audit entry is what the document can be read again by.
  const asked = { id: frame.id, at, practice: view.practice, entries: disclosed };
  const { body, entries } = await writeSummary(context, view, asked);
  const details = {
    patient: recordId,
    entities: auditedAlone(view, entries).entities,
    entityNames: ['Composition', ...new Set(entries.map((entry) => entry.type))],
    rules,
    alert,
  };
  return release(context, call, details, { status: 'ok', body }, frame);
}
