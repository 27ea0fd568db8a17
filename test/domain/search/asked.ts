import fc from 'fast-check';
import type { Parameter } from '../../../src/domain/search/definition.ts';
import { parametersOf, searchableTargets } from '../../../src/domain/search/parameters.ts';
import type { SearchType } from '../../../src/domain/search/search-types.ts';
import {
  CANONICAL,
  compositeFor,
  DATE_PREFIXES,
  IDENTIFIER,
  MEDIA_TYPE,
  ownCodeFor,
  PLAIN_TOKEN,
  TEXT_TOKEN,
  TRUTH,
  valueFor,
} from './asked-values.ts';
import type { Asked } from './naive.ts';
import { pick, REFERENCES } from './vocabulary.ts';

/** What is there to be asked for. */
export interface Vocabulary {
  /** `Type/id` of resources. */
  readonly references: readonly string[];
  /** About when they were last updated. */
  readonly moments: readonly string[];
}

const WORDS: Vocabulary = { references: REFERENCES, moments: ['2020'] };

/** Parameters that have no expression of R4 to be compared with, or sound things out. */
export const NOT_COMPARED = [
  ...['age', 'birthOrderBoolean', 'mothersMaidenName', 'part-agree', 'phonetic'],
  // R4 says of each of its parts what the other one is.
  'relationship',
];

/** The search parameters of a type that have an expression to be compared with. */
export function comparedOf(type: SearchType): readonly Parameter[] {
  return parametersOf(type).filter(({ name }) => !NOT_COMPARED.includes(name));
}

/** A parameter of a type with a value, and a modifier that it takes. */
export function parameterFor(type: SearchType, words: Vocabulary = WORDS): fc.Arbitrary<Asked> {
  // A type of parameter first, so that those which are rare are tried as often.
  const byType = [...Map.groupBy(comparedOf(type), (each) => each.type).values()];
  return fc
    .constantFrom(...byType)
    .chain((some) => fc.constantFrom(...some))
    .chain((each) => askedOf(each, words));
}

/** A parameter with a value, and a modifier that it takes. */
export function askedOf(parameter: Parameter, words: Vocabulary): fc.Arbitrary<Asked> {
  return valuesFor(parameter, words).map(([modifier, value]) => [
    `${parameter.name}${modifier}`,
    value,
  ]);
}

function valuesFor(parameter: Parameter, words: Vocabulary): fc.Arbitrary<Asked> {
  const [path] = parameter.paths;
  const dataTypes = parameter.paths.map(({ dataType }) => dataType);
  if (parameter.components.length > 0) {
    return compositeFor(parameter.components.map(({ type }) => type));
  }
  if (parameter.name === '_id') return idFor(words);
  if (parameter.name === '_lastUpdated') return momentFor(words);
  if (dataTypes.includes('canonical')) return CANONICAL;
  if (parameter.type === 'reference') return referenceFor(parameter, words);
  if (parameter.type !== 'token') return valueFor(parameter.type);
  if (dataTypes.every((each) => each === 'boolean' || each === 'exists')) return TRUTH;
  if (dataTypes.every((each) => each === 'ContactPoint')) return PLAIN_TOKEN;
  if (dataTypes.every((each) => each === 'Identifier')) return IDENTIFIER;
  if (dataTypes.includes('string')) return TEXT_TOKEN;
  if (dataTypes.includes('mime')) return MEDIA_TYPE;
  return dataTypes.includes('code') ? ownCodeFor(path?.system ?? '') : valueFor('token');
}

function idFor({ references }: Vocabulary): fc.Arbitrary<Asked> {
  const ids = references.map((each) => each.split('/')[1] ?? '');
  return fc
    .tuple(pick(['', '', ':not']), fc.array(pick(ids), { minLength: 1, maxLength: 4 }))
    .map(([modifier, some]) => [modifier, some.join(',')]);
}

function momentFor({ moments }: Vocabulary): fc.Arbitrary<Asked> {
  return fc.tuple(pick(DATE_PREFIXES), pick(moments)).map((all) => ['', all.join('')]);
}

/** Mostly to what a parameter may lead to, so that it is often there. */
function referenceFor(parameter: Parameter, { references }: Vocabulary): fc.Arbitrary<Asked> {
  const { targets } = parameter;
  const likely = references.filter((each) => targets.includes(each.split('/')[0] ?? ''));
  if (likely.length === 0) return valueFor('reference', references);
  const typed = pick(likely).map((each): Asked => {
    const [type = '', id = ''] = each.split('/');
    return [`:${type}`, id];
  });
  return fc.oneof(
    { weight: 4, arbitrary: valueFor('reference', likely) },
    { weight: 1, arbitrary: valueFor('reference', references) },
    { weight: 1, arbitrary: typed },
  );
}

/** A parameter that is reached from a type by following a reference of some types, either way. */
export function followedFor(
  type: SearchType,
  types: readonly SearchType[],
  words: Vocabulary,
  hops: number,
): fc.Arbitrary<Asked> {
  const end = (at: SearchType): fc.Arbitrary<Asked> =>
    hops <= 1
      ? parameterFor(at, words)
      : fc.oneof(
          { weight: 3, arbitrary: parameterFor(at, words) },
          { weight: 1, arbitrary: followedFor(at, types, words, hops - 1) },
        );
  const starts = [...chainsFrom(type, types), ...hasOf(type, types)];
  return fc
    .constantFrom(...starts)
    .chain(({ start, at }) => end(at).map(([name, value]): Asked => [`${start}${name}`, value]));
}

interface Hop {
  readonly start: string;
  readonly at: SearchType;
}

function chainsFrom(type: SearchType, types: readonly SearchType[]): readonly Hop[] {
  return comparedOf(type)
    .filter((each) => each.type === 'reference')
    .flatMap((parameter) => {
      const targets = searchableTargets(parameter).filter((each) => types.includes(each));
      const typed = targets.map((at) => ({ start: `${parameter.name}:${at}.`, at }));
      const [only] = targets;
      if (targets.length !== 1 || only === undefined) return typed;
      return [...typed, { start: `${parameter.name}.`, at: only }];
    });
}

function hasOf(type: SearchType, types: readonly SearchType[]): readonly Hop[] {
  return types.flatMap((at) =>
    comparedOf(at)
      .filter((each) => each.type === 'reference' && searchableTargets(each).includes(type))
      .map(({ name }) => ({ start: `_has:${at}:${name}:`, at })),
  );
}
