import fc from 'fast-check';
import type { Parameter } from '../../src/domain/search/definition.ts';
import { includesOf, revincludesOf } from '../../src/domain/search/parameters.ts';
import type { SearchType } from '../../src/domain/search/search-types.ts';
import { askedOf, comparedOf, followedFor, parameterFor } from '../domain/search/asked.ts';
import type { Asked } from '../domain/search/naive.ts';
import { pick } from '../domain/search/vocabulary.ts';
import { namingOf, TYPES, WORDS } from './naming-arbitraries.ts';

/** A search of one record, with ids and NHS number as its source writes them. */
export interface SearchRequest {
  readonly type: SearchType;
  /** What is tried: a type of parameter, or a reference that is followed. */
  readonly tries: string;
  readonly record: number;
  readonly caller: number;
  readonly isPosted: boolean;
  /** What says whose record is searched. */
  readonly naming: Asked;
  readonly conditions: readonly Asked[];
  readonly includes: readonly Asked[];
  readonly results: Results;
}

/** What shapes the answer; left out where null. */
export interface Results {
  readonly _sort: string | null;
  readonly _count: string | null;
  readonly _total: string | null;
  readonly _summary: string | null;
  readonly _elements: string | null;
}

/** A condition, and what it tries: types of parameter are tried alike, however rare they are. */
const condition: fc.Arbitrary<Pick<SearchRequest, 'type' | 'tries'> & { readonly asked: Asked }> =
  fc.oneof(
    { weight: 5, arbitrary: byKind() },
    {
      weight: 3,
      arbitrary: pick(TYPES).chain((type) =>
        followedFor(type, TYPES, WORDS, 2).map((asked) => ({
          ...{ type, asked },
          tries: asked[0].startsWith('_has:') ? 'reverse chain' : 'chain',
        })),
      ),
    },
  );

/** Of what may be there more than of what is in no record. */
function byKind() {
  const all = TYPES.flatMap((type) =>
    comparedOf(type).flatMap((parameter) => {
      const one = { type, parameter };
      return mayBeThere(parameter) ? [one, one, one] : [one];
    }),
  );
  const kinds = Map.groupBy(all, ({ parameter }) => parameter.type);
  // What is found least is tried most.
  const composites = kinds.get('composite') ?? [];
  return pick([...kinds.values(), composites])
    .chain((some) => {
      const byType = [...Map.groupBy(some, ({ type }) => type).values()];
      return pick(byType).chain(pick);
    })
    .chain(({ type, parameter }) =>
      askedOf(parameter, WORDS).map((asked) => ({ type, asked, tries: parameter.type })),
    );
}

/** Whether a record may hold what a parameter is about: an Encounter is in none. */
function mayBeThere({ type, targets }: Parameter): boolean {
  return (
    type !== 'reference' || targets.some((each) => each === '*' || TYPES.some((it) => it === each))
  );
}

function includesFor(type: SearchType): fc.Arbitrary<Asked> {
  const isSent = (value: string): boolean => TYPES.some((each) => value.startsWith(`${each}:`));
  const forward = [...includesOf(type), `${type}:*`, '*'];
  const back = [...revincludesOf(type).filter(isSent), '*'];
  const further = TYPES.flatMap(includesOf);
  return fc.oneof(
    pick(forward).map((value): Asked => ['_include', value]),
    pick(back).map((value): Asked => ['_revinclude', value]),
    pick(further).map((value): Asked => ['_include:iterate', value]),
    pick(TYPES.flatMap(revincludesOf).filter(isSent)).map(
      (value): Asked => ['_revinclude:iterate', value],
    ),
  );
}

function sortFor(type: SearchType): fc.Arbitrary<string> {
  const names = comparedOf(type)
    .filter((each) => each.type !== 'composite')
    .map(({ name }) => name);
  const rule = fc.tuple(pick(['', '-']), pick(names)).map((all) => all.join(''));
  return fc.array(rule, { minLength: 1, maxLength: 2 }).map((all) => all.join(','));
}

function resultsFor(type: SearchType): fc.Arbitrary<Results> {
  return fc.record({
    _sort: fc.option(sortFor(type), { freq: 2 }),
    _count: fc.option(pick(['1', '1', '2', '2', '3', '100', '0']), { freq: 3 }),
    _total: fc.option(pick(['none', 'accurate', 'estimate'])),
    _summary: fc.option(pick(['true', 'text', 'data', 'count', 'false']), { freq: 1 }),
    _elements: fc.option(pick(['identifier', 'status,meta']), { freq: 1 }),
  });
}

/** Searches of these records by these callers, each of which the server must understand. */
export function searchRequests(records: number, callers: number): fc.Arbitrary<SearchRequest> {
  return condition.chain(({ type, tries, asked }) =>
    fc
      .record({
        record: fc.nat({ max: records - 1 }),
        caller: fc.nat({ max: callers - 1 }),
        isPosted: fc.boolean(),
        naming: namingOf(type),
        more: fc.oneof(
          { weight: 3, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: parameterFor(type, WORDS).map((each) => [each]) },
        ),
        includes: fc.array(includesFor(type), { maxLength: 2 }),
        results: resultsFor(type),
      })
      .map(({ more, ...rest }) => ({
        ...{ type, tries, ...rest },
        conditions: [asked, ...more],
        results: coherent(rest.results, rest.includes),
      })),
  );
}

/** Without what R4 does not let stand together. */
function coherent(results: Results, includes: readonly Asked[]): Results {
  const isText = results._summary === 'text' && includes.length > 0;
  const _summary = isText ? 'true' : results._summary;
  const isCut = _summary !== null && _summary !== 'false' && _summary !== 'count';
  return { ...results, _summary, _elements: isCut ? null : results._elements };
}
