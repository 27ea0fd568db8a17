import type { PatientNaming } from '../fhir/patient-reference.ts';
import { PAGE_SIZE_MAX } from '../limits.ts';
import { problem, problems } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { type Continuation, readCursor, type Sign } from './cursor.ts';
import { readSearch, type Search } from './read-search.ts';
import { isObeyedByRecord, recordNamed } from './record-named.ts';
import type { SearchType } from './search-types.ts';
import type { Position } from './sort.ts';

/** A search inside one patient's record, as it was understood. */
export interface RecordSearch {
  readonly search: Search;
  /** The record searched; null when what was asked for can be in none. */
  readonly recordId: string | null;
  /** Whether the patient was named by NHS number. */
  readonly byNhsNumber: boolean;
  /** Where the page before ended; null for the first page. */
  readonly after: Position | null;
  /** Whether it asks for all of a type as it is stored: then nothing needs to be parsed. */
  readonly isPlain: boolean;
}

/** What reading a search depends on beside its parameters. */
export interface RecordSearchOptions {
  readonly strict: boolean;
  readonly naming: PatientNaming;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly sign: Sign;
}

/**
 * Understands a search of a record, all faults at once. A page link (`_cursor`) carries the search
 * that it goes on with, which is understood afresh.
 */
export function readRecordSearch(
  type: SearchType,
  parameters: URLSearchParams,
  options: RecordSearchOptions,
): Result<RecordSearch> {
  const continued = continuationOf(type, parameters, options.sign);
  if (!continued.ok) return continued;
  const pairs = continued.value?.parameters ?? [...parameters];
  const { naming, strict, now } = options;
  const named = recordNamed(type, pairs, naming);
  const search = readSearch(type, pairs, {
    strict,
    now,
    baseUrl: naming.baseUrl,
    pageSize: { max: PAGE_SIZE_MAX, default: PAGE_SIZE_MAX },
    obeyed: (name, value) => isObeyedByRecord(type, name, value),
  });
  const issues = [...named.issues, ...(search.ok ? [] : search.problem.issues)];
  if (!search.ok || issues.length > 0) return fail(problems('malformed', issues));
  const after = continued.value?.after ?? null;
  const { recordId, byNhsNumber } = named;
  const isPlain = after === null && asksForAll(search.value);
  return succeed({ search: search.value, recordId, byNhsNumber, after, isPlain });
}

function continuationOf(
  type: SearchType,
  parameters: URLSearchParams,
  sign: Sign,
): Result<Continuation | null> {
  const cursor = parameters.get('_cursor');
  if (cursor === null) return succeed(null);
  const others = [...parameters.keys()].filter((name) => !CARRIED_BESIDE.has(name));
  if (others.length === 0) return readCursor(cursor, type, sign);
  return fail(problem('malformed', 'value', 'A page link takes no further parameters.'));
}

const CARRIED_BESIDE = new Set(['_cursor', '_format', '_pretty']);

function asksForAll(search: Search): boolean {
  const { conditions, sort, includes, revincludes, elements, summary, countsOnly } = search;
  const cut = elements !== null || summary !== 'false' || countsOnly || !search.saysTotal;
  const shaped = cut || search.contained !== 'false';
  return !shaped && [conditions, sort, includes, revincludes].every((list) => list.length === 0);
}
