import {
  type DisclosedEntry,
  type DisclosedRecord,
  isFamiliar,
} from '../domain/consent/disclosed.ts';
import type { RecordType } from '../domain/fhir/resource-types.ts';
import type { RecordSearch } from '../domain/search/record-search.ts';
import type { Context } from './context.ts';
import { auditedEntries } from './entry-texts.ts';
import type { FoundPage } from './evaluate-search.ts';
import { searchsetEntries } from './searchset-entries.ts';

/** A page with a longer entry is put together anew each time: it is not kept in memory. */
const READY_BYTES_MAX = 2 * 1024;

/**
 * Pages as they were last put together, by the view: what is disclosed of a version of a record,
 * which never changes. They are lists of what is ready anyway, and go with the view.
 */
const READY = new WeakMap<Context, WeakMap<DisclosedRecord, Ready>>();
type Ready = Map<RecordType, WholePage>;

interface WholePage extends FoundPage {
  readonly total: number;
}

/** The page of a search for everything of a type, where it is ready; null where it is not. */
export function readyPage(
  context: Context,
  view: DisclosedRecord | null,
  type: RecordType,
  { isPlain, search }: RecordSearch,
): WholePage | null {
  if (view === null || !isPlain) return null;
  const page = READY.get(context)?.get(view)?.get(type);
  return page !== undefined && page.total <= search.count ? page : null;
}

/** Everything of a type, as it is stored: the most common question, and the fastest to answer. */
export async function allOf(
  context: Context,
  view: DisclosedRecord,
  type: RecordType,
  disclosed: readonly DisclosedEntry[],
): Promise<WholePage> {
  const entries = await searchsetEntries(context, view, disclosed, 'match');
  const audited = auditedEntries(view, disclosed);
  const page = { entries, audited, total: disclosed.length, cursor: null };
  const isShort = entries.every(({ length }) => length <= READY_BYTES_MAX);
  if (isShort && isFamiliar(view)) readyIn(context, view).set(type, page);
  return page;
}

function readyIn(context: Context, view: DisclosedRecord): Ready {
  const views = READY.get(context) ?? new WeakMap<DisclosedRecord, Ready>();
  const pages = views.get(view) ?? new Map<RecordType, WholePage>();
  READY.set(context, views.set(view, pages));
  return pages;
}
