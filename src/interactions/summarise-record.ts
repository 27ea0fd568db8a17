import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import { writeDocument } from '../domain/fhir/bundle.ts';
import { isObject, parseJson, writeJson } from '../domain/fhir/json.ts';
import { recordIdOfToken } from '../domain/fhir/patient-reference.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import { sectionOf } from '../domain/fhir/resource-types.ts';
import { NOTHING_FOUND, problem } from '../domain/problem.ts';
import { fail, type Result } from '../domain/result.ts';
import { type SummaryEntry, summarise } from '../domain/summary/patient-summary.ts';
import type { Call, Context } from './context.ts';
import { auditedVersion, entryTexts } from './entry-texts.ts';
import { openRecord } from './open-record.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';
import type { Released } from './released.ts';

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
  const disclosure = await openRecord(context, call, recordId);
  if (disclosure.outcome === 'refused') return fail(disclosure.problem);
  const { view, rules, alert } = disclosure;
  // A Patient may be withheld by themselves (a label); then there is nobody to summarise.
  const named = view?.entries.some((entry) => entry.type === 'Patient' && entry.id === patientId);
  if (view === null || !named) {
    return fail({ ...NOTHING_FOUND, audit: { patient: recordId, rules } });
  }
  const body = await writeSummary(context, view);
  const details = {
    patient: recordId,
    entities: view.entries.map(auditedVersion),
    entityNames: ['Composition', ...new Set(view.entries.map((entry) => entry.type))],
    rules,
    alert,
  };
  return release(context, call, details, { status: 'ok', body });
}

async function writeSummary(
  context: Context,
  view: DisclosedRecord,
): Promise<readonly Uint8Array[]> {
  const { baseUrl, names } = context;
  const listed = view.entries.filter((entry) => sectionOf(entry.type) !== 'consent');
  const texts = await entryTexts(context, view, listed);
  const entries = listed.map((entry, index) => ({
    fullUrl: `${baseUrl}/${entry.type}/${entry.id}`,
    resource: parsed(texts[index]),
  }));
  const patient = entries.find(({ resource }) => resource.resourceType === 'Patient');
  if (patient === undefined) throw new Error('INVARIANT: a disclosed record has its Patient');
  const now = new Date(context.clock.now()).toISOString();
  const id = names.digest(`summary|${view.patientId}|${now}`);
  const practice = view.practice;
  const { composition, absent } = summarise({ patient, entries, baseUrl, practice, now }, id);
  return writeDocument({
    identifier: id,
    timestamp: now,
    entries: [
      { fullUrl: `urn:scr:composition:${id}`, resource: encoded(composition) },
      ...listed.map((_, index) => ({
        fullUrl: entries[index]?.fullUrl ?? '',
        resource: texts[index] ?? new Uint8Array(),
      })),
      ...absent.map(({ fullUrl, resource }) => ({ fullUrl, resource: encoded(resource) })),
    ],
  });
}

function parsed(text: Uint8Array | undefined): SummaryEntry['resource'] {
  const read = parseJson(new TextDecoder().decode(text));
  if (!read.ok || !isObject(read.value)) throw new Error('INVARIANT: stored text is a resource');
  return read.value;
}

function encoded(resource: SummaryEntry['resource']): Uint8Array {
  return new TextEncoder().encode(writeJson(resource));
}
