import { expect } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import {
  readSearch,
  type Search,
  type SearchOptions,
} from '../../../src/domain/search/read-search.ts';
import { type Page, runSearch } from '../../../src/domain/search/run-search.ts';
import type { SearchType } from '../../../src/domain/search/search-types.ts';
import { worldOf } from '../../../src/domain/search/world.ts';

export const BASE = 'https://scr.example/FHIR/R4';
export const NOW = Date.parse('2026-03-02T12:00:00Z');

const OPTIONS: SearchOptions = {
  strict: true,
  baseUrl: BASE,
  now: NOW,
  pageSize: { max: 1_000, default: 50 },
};

/** Parameters as a query string writes them; a plus sign is a plus sign. */
export function parametersOf(query: string): readonly (readonly [string, string])[] {
  return [...new URLSearchParams(query.replaceAll('+', '%2B'))];
}

/** Reads `Type?query`, strictly unless told otherwise. */
export function reading(
  typeAndQuery: string,
  options: Partial<SearchOptions> = {},
): ReturnType<typeof readSearch> {
  const [type = '', query = ''] = splitOnce(typeAndQuery, '?');
  return readSearch(type as SearchType, parametersOf(query), { ...OPTIONS, ...options });
}

/** A search that must be understood. */
export function understood(typeAndQuery: string): Search {
  const read = reading(typeAndQuery);
  if (!read.ok) throw new Error(JSON.stringify(read.problem.issues));
  return read.value;
}

/** What is wrong with a search; empty where nothing is. */
export function faultsOf(typeAndQuery: string): readonly string[] {
  const read = reading(typeAndQuery);
  return read.ok ? [] : read.problem.issues.map(({ diagnostics }) => diagnostics);
}

/** The first page of a search over resources that are all of the world there is. */
export function pageOf(typeAndQuery: string, resources: readonly JsonObject[]): Page {
  return runSearch(understood(typeAndQuery), resources, worldOf(resources, BASE));
}

/** The ids of the matches, in the order of the answer. */
export function idsFound(typeAndQuery: string, resources: readonly JsonObject[]): string[] {
  return pageOf(typeAndQuery, resources).matches.map(({ resource }) => String(resource.id));
}

/** Whether one resource, of any id, is found. */
export function finds(typeAndQuery: string, content: JsonObject): boolean {
  const [resourceType = ''] = splitOnce(typeAndQuery, '?');
  return idsFound(typeAndQuery, [{ resourceType, id: 'x', ...content }]).length === 1;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** Each row: a query, what it is asked of, and whether it is found. */
export function check(
  type: string,
  rows: readonly (readonly [string, JsonObject, boolean])[],
): void {
  for (const [query, content, isFound] of rows) {
    expect([query, content, finds(`${type}?${query}`, content)]).toEqual([query, content, isFound]);
  }
}

/** A search that must be refused, with words that say so. */
export function refused(typeAndQuery: string, says: string): void {
  expect(faultsOf(typeAndQuery).join(' ')).toContain(says);
}

/** A Condition of the patient p. */
export const condition = (id: string, more: JsonObject = {}): JsonObject => ({
  resourceType: 'Condition',
  id,
  subject: { reference: 'Patient/p' },
  ...more,
});
