import {
  includeValues,
  isSearchable,
  type ResultParameter,
  SEARCHES,
  type SearchableType,
  type SearchParameter,
} from '../domain/fhir/search-parameters.ts';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../domain/limits.ts';
import type { FhirRoute } from './route.ts';

const TEXT = { type: 'string' };

/** The parameters of a route, from its path and from the search table. */
export function parametersOf(route: FhirRoute): readonly object[] {
  const named = [
    ...(route.path.includes('/:id') ? [idParameter('id', 'The resource’s logical id.')] : []),
    ...(route.path.includes('/:versionId') ? [idParameter('versionId', 'The version’s id.')] : []),
    ...(route.interaction.startsWith('history-') ? historyParameters(route) : []),
  ];
  const { type } = route;
  const searched = route.method === 'GET' && route.interaction === 'search-type';
  return searched && isSearchable(type) ? [...named, ...searchParameters(type)] : named;
}

/** Every name that a search of a type understands, as it may stand in a query. */
export function parameterNames(type: SearchableType): readonly string[] {
  const { parameters, results } = SEARCHES[type];
  const names = parameters.flatMap(({ name, spellings }) => [name, ...(spellings ?? [])]);
  return [...names, ...results];
}

function searchParameters(type: SearchableType): readonly object[] {
  const { parameters, results } = SEARCHES[type];
  return [...parameters.flatMap(describe), ...results.map((name) => resultParameter(name, type))];
}

function describe({ name, documentation, spellings }: SearchParameter): readonly object[] {
  const others = (spellings ?? []).map((each) => query(each, `See \`${name}\`.`, TEXT));
  return [query(name, documentation, TEXT), ...others];
}

function resultParameter(name: ResultParameter, type: SearchableType): object {
  switch (name) {
    case '_include':
      return query(name, 'Add what is referred to.', {
        type: 'string',
        enum: includeValues(type),
      });
    case '_format':
      return query(name, 'Outweighs Accept.', {
        type: 'string',
        enum: ['json', 'application/fhir+json'],
      });
    case '_pretty':
      return query(name, 'Indented text, for a person to read.', { type: 'boolean' });
    case '_cursor':
      return query(name, 'From the link to the next page; means nothing by itself.', TEXT);
    case '_sort':
      return query(name, 'The one order there is.', { type: 'string', enum: ['-date'] });
    case '_total':
      return query(name, 'Totals are not counted.', { type: 'string', enum: ['none'] });
    case '_count':
      return query(name, 'How many entries one page holds.', {
        type: 'integer',
        minimum: 1,
        maximum: PAGE_SIZE_MAX,
        default: PAGE_SIZE_DEFAULT,
      });
  }
}

function query(name: string, description: string, schema: object): object {
  return { name, in: 'query', required: false, description, schema };
}

function historyParameters({ interaction }: FhirRoute): readonly object[] {
  const page = [
    query('_since', 'Only versions at or after this instant.', TEXT),
    query('_count', 'How many versions one page holds.', { type: 'integer', minimum: 1 }),
    query('_cursor', 'From the link to the next page; means nothing by itself.', TEXT),
  ];
  if (interaction === 'history-instance') return page;
  return [query('patient', 'Whose record: `[id]` or `Patient/[id]`.', TEXT), ...page];
}

function idParameter(name: string, description: string): object {
  const schema = { type: 'string', pattern: '^[A-Za-z0-9\\-.]{1,64}$' };
  return { name, in: 'path', required: true, description, schema };
}
