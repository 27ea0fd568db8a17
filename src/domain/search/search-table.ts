import type { RecordType } from '../fhir/resource-types.ts';
import { RECORD_TYPES } from '../fhir/resource-types.ts';
import type { ParameterType } from './definition.ts';
import { includesOf, parametersOf, revincludesOf } from './parameters.ts';
import { namesRecord } from './record-named.ts';
import { RESULT_PARAMETERS } from './result-parameters.ts';
import type { SearchType } from './search-types.ts';

/** The types that can be searched: those of a record, and the log. */
export type SearchableType = RecordType | 'AuditEvent';

/** One search parameter, as the CapabilityStatement and the OpenAPI document state it. */
export interface SearchParameter {
  readonly name: string;
  /** FHIR's search parameter types (http://hl7.org/fhir/R4/search.html#ptypes). */
  readonly type: ParameterType;
  /** The canonical URL of the SearchParameter that it implements. */
  readonly definition: string;
  readonly documentation: string;
  /** Further spellings that mean a part of the same parameter: a chain or a modifier. */
  readonly spellings?: readonly string[];
}

/** What a search of one type understands; anything else is unknown there. */
export interface TypeSearch {
  readonly parameters: readonly SearchParameter[];
  /** Values of `_include` and `_revinclude`. */
  readonly includes: readonly string[];
  readonly revincludes: readonly string[];
  /** What shapes the answer, not what is found. */
  readonly results: readonly string[];
}

const FHIR_DEFINITION = 'http://hl7.org/fhir/SearchParameter/';
const OWN_DEFINITION = 'https://scr.example/fhir/SearchParameter/';

const WHOSE_RECORD =
  'Whose record: `[id]`, `Patient/[id]`, or the absolute URL of the Patient. By NHS number as ' +
  '`.identifier` or `:identifier` with `https://fhir.nhs.uk/Id/nhs-number|[number]`. A search that ' +
  'names no patient, not even by `_id`, is refused.';

const WHOSE_PROVENANCE =
  'The Patient that is one of the targets, as `[id]`, `Patient/[id]` or an absolute URL. What has other ' +
  'entries as its targets is found by `target`, or by `target.patient`; any of these says whose record.';

/** What the log has an index of, beside the ids of its entries. */
const INDEXED: readonly string[] = ['patient', 'agent', 'date', 'action', 'outcome', 'entity-name'];

/** The search table: what the server claims is generated from it. */
export const SEARCHES: Readonly<Record<SearchableType, TypeSearch>> = {
  ...(Object.fromEntries(RECORD_TYPES.map((type) => [type, recordSearch(type)])) as Record<
    RecordType,
    TypeSearch
  >),
  AuditEvent: {
    parameters: [
      audit('patient', 'reference', 'The Patient that it is about; or their NHS number.', [
        'patient:Patient',
        'patient.identifier',
        'patient:identifier',
      ]),
      audit('agent', 'reference', 'Who did it: the `sub` of the token, exactly.', [
        'agent:identifier',
      ]),
      audit('date', 'date', 'When it was recorded; `_lastUpdated` is the same.'),
      audit('action', 'token', 'C, R, U, D or E.'),
      audit('outcome', 'token', '0 (success), 4 (refused) or 8 (failed).'),
      audit('entity-name', 'string', 'The beginning of a resource type or operation.', [
        'entity-name:exact',
      ]),
      own('alert', '`true`: alerts to the caller’s organisation; or an ODS code.'),
      own('alert-status', 'With `alert`: those that are `open`, `escalated` or `closed`.'),
      ...unindexed(),
    ],
    includes: [],
    revincludes: [],
    results: [
      ...['_count', '_cursor', '_sort', '_total', '_summary', '_elements'],
      ...['_format', '_pretty'],
    ],
  },
};

/** Whether a name is that of a type that can be searched. */
export function isSearchable(type: string): type is SearchableType {
  return Object.hasOwn(SEARCHES, type);
}

function recordSearch(type: RecordType & SearchType): TypeSearch {
  return {
    parameters: parametersOf(type).map(({ name, type: kind, definition }) => {
      const stated = { name, type: kind, definition };
      if (!namesRecord(type, name)) return { ...stated, documentation: `See ${definition}.` };
      const spellings = [`${name}.identifier`, `${name}:identifier`];
      const documentation = type === 'Provenance' ? WHOSE_PROVENANCE : WHOSE_RECORD;
      return { ...stated, documentation, spellings };
    }),
    includes: includesOf(type),
    revincludes: revincludesOf(type).filter((value) =>
      RECORD_TYPES.some((source) => value.startsWith(`${source}:`)),
    ),
    results: [...RESULT_PARAMETERS, '_cursor', '_format', '_pretty'],
  };
}

function audit(
  name: string,
  type: ParameterType,
  documentation: string,
  spellings: readonly string[] = [],
): SearchParameter {
  const definition = `${FHIR_DEFINITION}AuditEvent-${name}`;
  const row = { name, type, definition, documentation };
  return spellings.length === 0 ? row : { ...row, spellings };
}

/** What the log has no index of: it is looked for in one entry after another. */
function unindexed(): readonly SearchParameter[] {
  return parametersOf('AuditEvent')
    .filter(({ name }) => !INDEXED.includes(name))
    .map(({ name, type, definition }) => {
      const isFound = name === '_id' || name === '_lastUpdated';
      if (isFound) return { name, type, definition, documentation: `See ${definition}.` };
      const documentation =
        `See ${definition}. The log has no index of it: a page may hold few entries, or none, ` +
        'and lead to the next. Ask for a patient or a date with it.';
      return { name, type, definition, documentation };
    });
}

function own(name: string, documentation: string): SearchParameter {
  return { name, type: 'token', definition: `${OWN_DEFINITION}AuditEvent-${name}`, documentation };
}
