import {
  isSearchable,
  SEARCHES,
  type SearchableType,
  type SearchParameter,
} from '../domain/search/search-table.ts';
import { editParameters } from './openapi-edits.ts';
import type { FhirRoute } from './route.ts';

const TEXT = { type: 'string' };

/** The parameters of a route, from its path and from the search table. */
export function parametersOf(route: FhirRoute): readonly object[] {
  const named = [
    ...(route.path.includes('/:id') ? [idParameter('id', 'The resource’s logical id.')] : []),
    ...(route.path.includes('/:versionId') ? [idParameter('versionId', 'The version’s id.')] : []),
    ...(route.interaction.startsWith('history-') ? historyParameters(route) : []),
    ...(route.type !== 'Bundle' && isRead(route) ? READ_PARAMETERS : []),
    ...(route.interaction === 'validate' ? validateParameters(route) : []),
    ...editParameters(route),
  ];
  const { type } = route;
  const searched = route.method === 'GET' && route.interaction === 'search-type';
  return searched && isSearchable(type) ? [...named, ...searchParameters(type)] : named;
}

function isRead({ interaction }: FhirRoute): boolean {
  return interaction === 'read' || interaction === 'vread';
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

/** What each result parameter does; those of R4 mean what R4 says. */
const RESULT_PARAMETER: Readonly<Record<string, readonly [string, object]>> = {
  _format: ['Outweighs Accept.', { type: 'string', enum: ['json', 'application/fhir+json'] }],
  _pretty: ['Indented text, for a person to read.', { type: 'boolean' }],
  _cursor: ['From the link to the next page; means nothing by itself.', TEXT],
  _sort: ['The order: search parameters, `-` before those that descend.', TEXT],
  _total: ['`none` where the total need not be counted.', TEXT],
  _summary: ['What is shown of each: true, text, data, count or false.', TEXT],
  _elements: ['The root elements to show of matches.', TEXT],
  _contained: [
    'Whether contained resources are searched: `false`, `true` (they alone) or `both`.',
    { type: 'string', enum: ['false', 'true', 'both'] },
  ],
  _containedType: [
    'What is shown of a contained resource: its `container`, or the `contained` by itself.',
    { type: 'string', enum: ['container', 'contained'] },
  ],
  _count: ['How many entries one page holds.', { type: 'integer', minimum: 0 }],
};

/** What the log counts and orders by is less than what R4 has. */
const LOG_RESULT_PARAMETER: Readonly<Record<string, readonly [string, object]>> = {
  _sort: ['`-date`, which is the order anyway: newest first.', { type: 'string', enum: ['-date'] }],
  _total: ['`none`, as ever: the log is not counted.', { type: 'string', enum: ['none'] }],
  _summary: ['What is shown of each: true, text, data or false.', TEXT],
};

const READ_PARAMETERS: readonly object[] = [
  query('_summary', 'What is shown: true, text, data or false.', TEXT),
  query('_elements', 'The root elements to show.', TEXT),
];

function resultParameter(name: string, type: SearchableType): object {
  const { includes, revincludes } = SEARCHES[type];
  if (name === '_include') return query(name, `Add what is referred to: ${said(includes)}.`, TEXT);
  if (name === '_revinclude')
    return query(name, `Add what refers to it: ${said(revincludes)}.`, TEXT);
  const ofLog = type === 'AuditEvent' ? LOG_RESULT_PARAMETER[name] : undefined;
  const [description, schema] = ofLog ?? RESULT_PARAMETER[name] ?? ['', TEXT];
  return query(name, description, schema);
}

function said(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : values.join(', ');
}

function query(name: string, description: string, schema: object): object {
  return { name, in: 'query', required: false, description, schema };
}

/** What may be deleted is asked of what is stored. */
function validateParameters({ path }: FhirRoute): readonly object[] {
  const modes = ['create', 'update', ...(path.includes('/:id') ? ['delete'] : []), 'profile'];
  return [
    query('profile', 'The profile to validate against.', TEXT),
    query('mode', 'What is to be done with it.', { type: 'string', enum: modes }),
  ];
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
