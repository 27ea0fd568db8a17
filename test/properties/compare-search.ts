import { expect } from 'vitest';
import {
  type Asked,
  type NaiveWorld,
  naivelyFinds,
  type Resource,
} from '../domain/search/naive.ts';
import { naivelyIncluded, pathOf } from '../domain/search/naive-includes.ts';
import { naivelySorted } from '../domain/search/naive-order.ts';
import { NHS } from '../support/bundles.ts';
import { BASE_URL } from '../support/context.ts';
import type { Client } from '../support/requests.ts';
import type { SearchRequest } from './search-arbitraries.ts';
import { type Handed, nextOf, type SearchPage, type StagedRecord } from './search-stage.ts';

/** More than any search of these tests can have. */
const PAGES_MAX = 200;
const PAGE_SIZE = 1_000;

/** What came of a search that was compared. */
export interface Compared {
  readonly matches: number;
  readonly pages: number;
  readonly included: number;
}

/** A search as it is sent, in the ids of the server. */
interface Sent extends SearchRequest {
  readonly parameters: readonly Asked[];
  readonly found: readonly Resource[];
  /** The search in words, so that a failure says what it is about. */
  readonly words: string;
}

/** Sends a search and compares every page of its answer with what is found naively. */
export async function expectAgreement(
  request: SearchRequest,
  records: readonly StagedRecord[],
  now: number,
): Promise<Compared> {
  const record = records[request.record];
  const handed = record?.handed[request.caller];
  if (record === undefined || handed === undefined) throw new Error('there is no such record');
  const translated = ([name, value]: Asked): Asked => [name, record.translated(value)];
  const sent = sentAs(request, translated, { record: handed.sent, now });
  const pages = await pagesOf(handed.client, sent);
  expectMatches(sent, pages);
  for (const [index, page] of pages.entries()) expectPage(sent, page, index, handed);
  const included = pages.flatMap((page) => pathsIn(page, 'include'));
  return { matches: sent.found.length, pages: pages.length, included: included.length };
}

function sentAs(
  request: SearchRequest,
  translated: (asked: Asked) => Asked,
  world: NaiveWorld,
): Sent {
  const { type, naming, includes, results } = request;
  const conditions = [naming, ...request.conditions].map(translated);
  const stated = Object.entries(results).filter(
    (each): each is [string, string] => each[1] !== null,
  );
  const parameters = [...conditions, ...includes, ...stated];
  const found = world.record.filter(
    (each) => each.resourceType === type && conditions.every((one) => meets(each, one, world)),
  );
  return {
    ...request,
    parameters,
    found: naivelySorted(found, results._sort ?? ''),
    words: `${type}?${parameters.map((each) => each.join('=')).join('&')}`,
  };
}

function meets(each: Resource, [name, value]: Asked, world: NaiveWorld): boolean {
  // By NHS number it is asked whose record this is, not what its references say.
  const isNumber = value.startsWith(`${NHS}|`);
  if (isNumber && /^(patient|subject):identifier$/.test(name)) return true;
  return naivelyFinds(each, [name, value.replace(`${BASE_URL}/`, '')], world);
}

/** Every page, the first by GET or by form, the others by the links to them. */
async function pagesOf(client: Client, sent: Sent): Promise<readonly SearchPage[]> {
  const { type, isPosted, parameters, words } = sent;
  const query = new URLSearchParams(parameters.map(([name, value]) => [name, value])).toString();
  const strict = { prefer: 'handling=strict' };
  const form = { ...strict, 'content-type': 'application/x-www-form-urlencoded' };
  let answer = isPosted
    ? await client.post(`${type}/_search`, query, form)
    : await client.get(`${type}?${query}`, strict);
  const pages: SearchPage[] = [];
  for (;;) {
    const page = answer.json();
    expect([words, answer.statusCode, page.issue]).toEqual([words, 200, undefined]);
    pages.push(page);
    expect(pages.length).toBeLessThan(PAGES_MAX);
    const next = nextOf(page.link);
    if (next === null) return pages;
    answer = await client.get(next, strict);
  }
}

/** All are there, each once, in the order that was asked for; without one in the server's own. */
function expectMatches({ words, found, results }: Sent, pages: readonly SearchPage[]): void {
  const paths = pages.flatMap((page) => pathsIn(page, 'match'));
  const expected = isCounted(results) ? [] : found.map(pathOf);
  const ordered = (all: readonly string[]) => (results._sort === null ? all.toSorted() : all);
  expect([words, ordered(paths)]).toEqual([words, ordered(expected)]);
}

/** Whether matches are counted alone. */
function isCounted({ _summary, _count }: SearchRequest['results']): boolean {
  return _summary === 'count' || _count === '0';
}

/** The total, how full the page is, what it includes, and what each entry shows. */
function expectPage(sent: Sent, page: SearchPage, index: number, handed: Handed): void {
  const { words, found, results, includes } = sent;
  const size = Number(results._count ?? PAGE_SIZE);
  const isTold = results._total !== 'none' || isCounted(results);
  const here = pathsIn(page, 'match');
  expect([words, page.total]).toEqual([words, isTold ? found.length : undefined]);
  const length = isCounted(results) ? 0 : Math.min(size, found.length - index * size);
  expect([words, here.length]).toEqual([words, length]);
  const matches = found.filter((each) => here.includes(pathOf(each)));
  const included = naivelyIncluded(matches, includes, handed.sent);
  expect([words, pathsIn(page, 'include').toSorted()]).toEqual([words, [...included].toSorted()]);
  for (const entry of page.entry ?? []) expectShown(sent, entry, handed);
}

type PageEntry = NonNullable<SearchPage['entry']>[number];

/** Whole as this caller reads it, or marked as cut. */
function expectShown(
  { words, results }: Sent,
  { resource, search }: PageEntry,
  handed: Handed,
): void {
  const { _elements, _summary } = results;
  const isSummary = _summary === 'true' || _summary === 'text' || _summary === 'data';
  const isCut = isSummary || (_elements !== null && search.mode === 'match');
  const whole = handed.shown.get(pathOf(resource));
  if (!isCut) expect([words, resource]).toEqual([words, whole]);
  else expect([words, resource.id, isSubset(resource)]).toEqual([words, whole?.id, true]);
}

function isSubset({ meta }: Resource): boolean {
  const { tag = [] } = meta as { readonly tag?: readonly { readonly code: string }[] };
  return tag.some(({ code }) => code === 'SUBSETTED');
}

function pathsIn({ entry = [] }: SearchPage, mode: 'match' | 'include'): readonly string[] {
  return entry.filter(({ search }) => search.mode === mode).map(({ resource }) => pathOf(resource));
}
