import type { Alert } from '../domain/alert.ts';
import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { type BundleEntry, writeSearchset } from '../domain/fhir/bundle.ts';
import { namesPatient, type RecordQuery } from '../domain/fhir/record-query.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import type { RuleCount } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import type { Call, Context } from './context.ts';
import { auditedVersion, entryTexts } from './entry-texts.ts';
import { ignoredParameters } from './ignored-parameters.ts';
import { includedEntries } from './include-entries.ts';
import { release } from './release.ts';
import type { Released } from './released.ts';

/** What the door let through for a search. */
export interface Found {
  readonly view: DisclosedRecord | null;
  readonly rules: readonly RuleCount[];
  readonly alert: Alert | null;
}

/** Nobody was found, whether hidden or unknown. */
export const NOBODY: Found = { view: null, rules: [], alert: null };

/**
 * Answers a search of one type from a disclosed view alone (http://hl7.org/fhir/R4/search.html):
 * matches, includes and their total are computed from what was let through.
 */
export async function answerSearch(
  context: Context,
  call: Call,
  type: RecordType,
  query: RecordQuery,
  found: Found,
): Promise<Result<Released>> {
  const { view } = found;
  const matches = view === null ? [] : matching(view, type, query);
  const texts = view === null ? [] : await entryTexts(context, view, matches);
  const includes = view === null ? [] : includedEntries(view, matches, texts, query.includes);
  const includeTexts = view === null ? [] : await entryTexts(context, view, includes);
  const body = writeSearchset({
    total: matches.length,
    links: [{ relation: 'self', url: selfLink(context, type, query, view) }],
    entries: [
      ...toBundleEntries(context, matches, texts, 'match'),
      ...toBundleEntries(context, includes, includeTexts, 'include'),
      ...ignoredParameters(query.ignored),
    ],
  });
  const disclosed = [...matches, ...includes];
  const details = {
    patient: query.recordId,
    entities: disclosed.map(auditedVersion),
    entityNames: [...new Set([type, ...disclosed.map((entry) => entry.type)])],
    rules: found.rules,
    alert: found.alert,
  };
  return release(context, call, details, { status: 'ok', body });
}

function matching(
  view: DisclosedRecord,
  type: RecordType,
  { ids }: RecordQuery,
): readonly DisclosedEntry[] {
  return view.entries.filter((entry) => entry.type === type && (ids?.has(entry.id) ?? true));
}

/**
 * The search as it was used. Where nobody was found, no patient was used: the answer does not say
 * back who was asked for, and is the same for everybody who is hidden or unknown.
 */
function selfLink(
  { baseUrl }: Context,
  type: RecordType,
  { used }: RecordQuery,
  view: DisclosedRecord | null,
): string {
  const shown = used.filter(([name]) => view !== null || !namesPatient(name));
  const query = new URLSearchParams(shown.map(([name, value]) => [name, value])).toString();
  return query === '' ? `${baseUrl}/${type}` : `${baseUrl}/${type}?${query}`;
}

function toBundleEntries(
  { baseUrl }: Context,
  entries: readonly DisclosedEntry[],
  texts: readonly Uint8Array[],
  mode: BundleEntry['mode'],
): readonly BundleEntry[] {
  return entries.map((entry, index) => ({
    fullUrl: `${baseUrl}/${entry.type}/${entry.id}`,
    resource: texts[index] ?? new Uint8Array(),
    mode,
  }));
}
