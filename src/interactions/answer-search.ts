import type { Alert } from '../domain/alert.ts';
import type { DisclosedRecord } from '../domain/consent/disclosed.ts';
import { assembleSearchset, searchsetEntry } from '../domain/fhir/bundle.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import type { RuleCount } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import { queryText } from '../domain/search/query-text.ts';
import { namesPatient } from '../domain/search/record-named.ts';
import type { RecordSearch } from '../domain/search/record-search.ts';
import { allOf, readyPage } from './all-of-type.ts';
import type { Call, Context } from './context.ts';
import { auditedEntries } from './entry-texts.ts';
import { evaluateSearch, type FoundPage } from './evaluate-search.ts';
import { ignoredParameters } from './ignored-parameters.ts';
import { patientNaming } from './patient-naming.ts';
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
 * matches, includes, their total and the links are computed from what was let through.
 */
export async function answerSearch(
  context: Context,
  call: Call,
  type: RecordType,
  asked: RecordSearch,
  found: Found,
): Promise<Result<Released>> {
  const ready = readyPage(context, found.view, type, asked);
  const page = ready ?? (await pageOf(context, type, asked, found.view));
  const { search } = asked;
  const links = linksOf(context, type, asked, found.view, page.cursor);
  const ignored = ignoredParameters(search.ignored).map(searchsetEntry);
  const body = assembleSearchset({ total: page.total, links }, page.entries.concat(ignored));
  const { audited } = page;
  const details = {
    patient: asked.recordId,
    entities: audited.entities,
    entityNames: namedFirst(type, audited.entityNames),
    rules: found.rules,
    alert: found.alert,
  };
  return release(context, call, details, { status: 'ok', body });
}

/** The type that was asked for, and the others that were shown. */
function namedFirst(type: RecordType, names: readonly string[]): readonly string[] {
  return names[0] === type ? names : [...new Set([type, ...names])];
}

async function pageOf(
  context: Context,
  type: RecordType,
  asked: RecordSearch,
  view: DisclosedRecord | null,
): Promise<FoundPage> {
  if (view === null) return nothing(asked);
  const all = view.entries.filter((entry) => entry.type === type);
  if (!asked.isPlain || all.length > asked.search.count)
    return evaluateSearch(context, view, asked);
  return allOf(context, view, type, all);
}

function nothing({ search }: RecordSearch): FoundPage {
  const total = search.saysTotal || search.countsOnly ? 0 : null;
  return { entries: [], audited: auditedEntries(null, []), total, cursor: null };
}

/**
 * The search as it was used. Where nobody was found, no patient was used: the answer does not say
 * back who was asked for, and is the same for everybody who is hidden or unknown.
 */
function linksOf(
  context: Context,
  type: RecordType,
  { search }: RecordSearch,
  view: DisclosedRecord | null,
  cursor: string | null,
): { relation: string; url: string }[] {
  const { baseUrl } = context;
  const naming = patientNaming(context);
  const shown = search.used.filter((each) => view !== null || !namesPatient(type, each, naming));
  const query = queryText(shown);
  const url = query === '' ? `${baseUrl}/${type}` : `${baseUrl}/${type}?${query}`;
  const self = { relation: 'self', url };
  if (cursor === null) return [self];
  return [self, { relation: 'next', url: `${baseUrl}/${type}?_cursor=${cursor}` }];
}
