import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { writeDocument } from '../domain/fhir/bundle.ts';
import { isObject, parseJson, writeJson } from '../domain/fhir/json.ts';
import { recordIdOfToken } from '../domain/fhir/patient-reference.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import { sectionOf } from '../domain/fhir/resource-types.ts';
import { NOTHING_FOUND, problem } from '../domain/problem.ts';
import { fail, type Result } from '../domain/result.ts';
import { summarise } from '../domain/summary/patient-summary.ts';
import type { SummaryEntry } from '../domain/summary/summary-entry.ts';
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
  const { body, entries } = await writeSummary(context, view);
  const details = {
    patient: recordId,
    entities: entries.map(auditedVersion),
    entityNames: ['Composition', ...new Set(entries.map((entry) => entry.type))],
    rules,
    alert,
  };
  return release(context, call, details, { status: 'ok', body });
}

interface Written {
  readonly body: readonly Uint8Array[];
  readonly entries: readonly DisclosedEntry[];
}

async function writeSummary(context: Context, view: DisclosedRecord): Promise<Written> {
  const { baseUrl } = context;
  const disclosed = view.entries.filter((entry) => sectionOf(entry.type) !== 'consent');
  const texts = await entryTexts(context, view, disclosed);
  const listed = disclosed.map((entry, index) => {
    const text = texts[index] ?? new Uint8Array();
    return { entry, text, fullUrl: `${baseUrl}/${entry.type}/${entry.id}`, resource: parsed(text) };
  });
  const patient = listed.find(({ entry }) => entry.type === 'Patient');
  if (patient === undefined) throw new Error('INVARIANT: a disclosed record has its Patient');
  const now = new Date(context.clock.now()).toISOString();
  const source = { patient, entries: listed, baseUrl, practice: view.practice, now };
  const partId = (part: string) => uuidOf(context, `summary|${view.patientId}|${now}|${part}`);
  const { composition, entries, absent } = summarise(source, partId);
  const kept = new Set(entries.map(({ fullUrl }) => fullUrl));
  const included = listed.filter(({ fullUrl }) => kept.has(fullUrl));
  const body = writeDocument({
    identifier: partId('document'),
    timestamp: now,
    entries: [
      encoded(composition),
      ...included.map(({ fullUrl, text }) => ({ fullUrl, resource: text })),
      ...absent.map(encoded),
    ],
  });
  return { body, entries: included.map(({ entry }) => entry) };
}

/** A UUID made from a name: version 8 (RFC 9562, section 5.8). */
function uuidOf({ names }: Context, name: string): string {
  const digits = names.digest(name);
  const part = (start: number, end: number) => digits.slice(start, end);
  return `${part(0, 8)}-${part(8, 12)}-8${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}

function parsed(text: Uint8Array): SummaryEntry['resource'] {
  const read = parseJson(new TextDecoder().decode(text));
  if (!read.ok || !isObject(read.value)) throw new Error('INVARIANT: stored text is a resource');
  return read.value;
}

function encoded({ fullUrl, resource }: SummaryEntry) {
  return { fullUrl, resource: new TextEncoder().encode(writeJson(resource)) };
}
