import type { DisclosedEntry } from '../domain/consent/disclosed.ts';
import { type HistoryEntry, writeHistory } from '../domain/fhir/bundle.ts';
import { type HistoryQuery, readHistoryQuery } from '../domain/fhir/history-query.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import { NOTHING_FOUND, problem } from '../domain/problem.ts';
import type { Entry } from '../domain/record/care-record.ts';
import { fail, type Result } from '../domain/result.ts';
import { queryText } from '../domain/search/query-text.ts';
import type { Call, Context } from './context.ts';
import { auditedEntries, entryTexts } from './entry-texts.ts';
import { openHistory } from './open-history.ts';
import { patientNaming } from './patient-naming.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';
import type { Released } from './released.ts';

/**
 * `history` of one resource (http://hl7.org/fhir/R4/http.html#history): its versions that may be
 * disclosed, newest first. What is hidden and what never was are both `not-found`.
 */
export function listInstanceHistory(
  type: RecordType,
  id: string,
  parameters: URLSearchParams,
): Interaction {
  return async (context, call) => {
    const query = readHistoryQuery(parameters, patientNaming(context));
    if (!query.ok) return query;
    const wanted = (entry: Entry) => entry.id === id && entry.type === type;
    return answerHistory(context, call, recordIdOf(id), query.value, wanted, `${type}/${id}`);
  };
}

/**
 * `history` of a type, or of all types (null): of one patient's record, as every clinical question
 * is. For a patient who is hidden or unknown there is none, and the Bundle is empty.
 */
export function listRecordHistory(
  type: RecordType | null,
  parameters: URLSearchParams,
): Interaction {
  return async (context, call) => {
    const query = readHistoryQuery(parameters, patientNaming(context));
    if (!query.ok) return query;
    if (!parameters.has('patient') && query.value.recordId === null) return fail(WHOSE);
    const wanted = (entry: Entry) => type === null || entry.type === type;
    const recordId = query.value.recordId ?? '';
    return answerHistory(context, call, recordId, query.value, wanted, type ?? '');
  };
}

const WHOSE = problem('malformed', 'required', 'A history is of one patient: patient=[id].');

async function answerHistory(
  context: Context,
  call: Call,
  recordId: string,
  query: HistoryQuery,
  wanted: (entry: Entry) => boolean,
  path: string,
): Promise<Result<Released>> {
  const { disclosure, versions } = await openHistory(context, call, recordId, wanted);
  if (disclosure.outcome === 'refused') return fail(disclosure.problem);
  const { view, rules, alert } = disclosure;
  const ofOne = path.includes('/');
  if (ofOne && versions.length === 0) {
    return fail({ ...NOTHING_FOUND, audit: { patient: recordId, rules, alert } });
  }
  const listed = versions.filter(
    (each) => query.since === null || Date.parse(each.lastUpdated) >= query.since,
  );
  const begin = listed.findIndex((each) => each.versionId === query.after) + 1;
  const page = listed.slice(begin, begin + query.count);
  const last = begin + query.count < listed.length ? page.at(-1) : undefined;
  const shown = page.filter((each) => !each.withdrawn);
  const texts = view === null ? [] : await entryTexts(context, view, shown);
  const textOf = new Map(shown.map((each, index) => [each, texts[index]]));
  const body = writeHistory({
    total: listed.length,
    links: linksOf(context, path, view === null ? [] : query.used, last?.versionId ?? null),
    entries: page.map((each) => historyEntry(context, each, textOf.get(each))),
  });
  const details = {
    patient: recordId,
    ...auditedEntries(view, page),
    rules,
    alert,
  };
  return release(context, call, details, { status: 'ok', body });
}

function historyEntry(
  { baseUrl }: Context,
  version: DisclosedEntry,
  text: Uint8Array | undefined,
): HistoryEntry {
  const path = `${version.type}/${version.id}`;
  return {
    fullUrl: `${baseUrl}/${path}`,
    resource: text ?? null,
    path,
    versionId: version.versionId,
    lastUpdated: version.lastUpdated,
  };
}

/** The history as it was used; about nobody it does not say back who was asked for. */
function linksOf(
  { baseUrl }: Context,
  path: string,
  used: HistoryQuery['used'],
  cursor: string | null,
): { relation: string; url: string }[] {
  const address = (parameters: HistoryQuery['used']): string => {
    const query = queryText(parameters);
    const at = [baseUrl, path, '_history'].filter((part) => part !== '').join('/');
    return query === '' ? at : `${at}?${query}`;
  };
  const self = { relation: 'self', url: address(used) };
  if (cursor === null) return [self];
  return [self, { relation: 'next', url: address([...used, ['_cursor', cursor]]) }];
}
