import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { writeSearchset } from '../domain/fhir/bundle.ts';
import { clinicalDate } from '../domain/fhir/clinical-date.ts';
import { type EverythingQuery, readEverythingQuery } from '../domain/fhir/everything-query.ts';
import { recordIdOf } from '../domain/fhir/record-id.ts';
import { RECORD_TYPES, sectionOf } from '../domain/fhir/resource-types.ts';
import { NOTHING_FOUND } from '../domain/problem.ts';
import { fail } from '../domain/result.ts';
import { queryText } from '../domain/search/query-text.ts';
import type { Context } from './context.ts';
import { auditedEntries, entryTexts } from './entry-texts.ts';
import { openRecord } from './open-record.ts';
import type { Interaction } from './perform.ts';
import { release } from './release.ts';
import { resourceOf, storedTexts } from './stored-texts.ts';

/**
 * `Patient/[id]/$everything` (http://hl7.org/fhir/R4/patient-operation-everything.html): all that
 * may be disclosed of a record, by type and id, in pages. A patient who is hidden or unknown is
 * `not-found`.
 */
export function listEverything(id: string, parameters: URLSearchParams): Interaction {
  return async (context, call) => {
    const query = readEverythingQuery(parameters);
    if (!query.ok) return query;
    const recordId = recordIdOf(id);
    const disclosure = await openRecord(context, call, recordId, 'all');
    if (disclosure.outcome === 'refused') return fail(disclosure.problem);
    const { view, rules, alert } = disclosure;
    if (view === null || id !== view.patientId) {
      return fail({ ...NOTHING_FOUND, audit: { patient: recordId, rules } });
    }
    const listed = await wantedEntries(context, view, query.value);
    const begin = listed.filter((entry) => !isAfter(entry, query.value.after)).length;
    const page = listed.slice(begin, begin + query.value.count);
    const last = begin + page.length < listed.length ? page.at(-1) : undefined;
    const texts = await entryTexts(context, view, page);
    const body = writeSearchset({
      total: listed.length,
      links: linksOf(context, id, query.value, last),
      entries: page.map((entry, index) => ({
        fullUrl: `${context.baseUrl}/${entry.type}/${entry.id}`,
        resource: texts[index] ?? new Uint8Array(),
        mode: sectionOf(entry.type) === 'supporting' ? 'include' : 'match',
      })),
    });
    const details = {
      patient: recordId,
      ...auditedEntries(view, page),
      rules,
      alert,
    };
    return release(context, call, details, { status: 'ok', body });
  };
}

async function wantedEntries(
  context: Context,
  view: DisclosedRecord,
  { types, since, start, end }: EverythingQuery,
): Promise<readonly DisclosedEntry[]> {
  const entries = [...view.entries]
    .filter((entry) => types?.has(entry.type) ?? true)
    .filter((entry) => since === null || Date.parse(entry.lastUpdated) >= since)
    .sort(byTypeAndId);
  if (start === null && end === null) return entries;
  const texts = await storedTexts(context, view, entries);
  return entries.filter((_, index) => tookPlace(texts[index], start, end));
}

function tookPlace(text: Uint8Array | undefined, start: number | null, end: number | null) {
  const date = clinicalDate(resourceOf(text));
  if (date === null) return true;
  return (end === null || date.start <= end) && (start === null || date.end >= start);
}

// Not the order of the record, which is that in which its entries came.
function byTypeAndId(one: DisclosedEntry, other: DisclosedEntry): number {
  return orderOf(one) < orderOf(other) ? -1 : 1;
}

function orderOf({ type, id }: { readonly type: string; readonly id: string }): string {
  const types: readonly string[] = RECORD_TYPES;
  const place = types.indexOf(type);
  return `${String(place).padStart(2, '0')}/${id}`;
}

function isAfter(entry: DisclosedEntry, cursor: string | null): boolean {
  if (cursor === null) return true;
  const [type = '', id = ''] = cursor.split('/');
  return orderOf(entry) > orderOf({ type, id });
}

function linksOf(
  { baseUrl }: Context,
  id: string,
  { used }: EverythingQuery,
  last: DisclosedEntry | undefined,
): { relation: string; url: string }[] {
  const address = (parameters: EverythingQuery['used']): string => {
    const query = queryText(parameters);
    return `${baseUrl}/Patient/${id}/$everything${query === '' ? '' : `?${query}`}`;
  };
  const self = { relation: 'self', url: address(used) };
  if (last === undefined) return [self];
  const next = address([...used, ['_cursor', `${last.type}/${last.id}`]]);
  return [self, { relation: 'next', url: next }];
}
