import { type PatientNaming, patientIdOf } from '../../fhir/patient-reference.ts';
import { recordIdOf } from '../../fhir/record-id.ts';
import type { RecordType } from '../../fhir/resource-types.ts';
import { NHS_NUMBER } from '../../fhir/systems.ts';
import { PAGE_SIZE_MAX } from '../../limits.ts';
import { problem } from '../../problem.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { readSearch, type Search } from '../../search/read-search.ts';
import { isObeyedByRecord, namesRecord, recordsReferred } from '../../search/record-named.ts';

/** What an entry must be like for a conditional interaction or reference. */
export interface Criteria {
  readonly type: RecordType;
  readonly search: Search;
  /** Identifiers one of which it must have, each as `system|value`; null where it need not. */
  readonly identifiers: readonly string[] | null;
  /** The patients whose entry it is, as far as the criteria say. */
  readonly patients: readonly NamedPatient[];
}

/** A patient as they were named. */
export type NamedPatient =
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'number'; readonly nhsNumber: string };

/** What is needed to understand criteria. */
export interface CriteriaReading {
  readonly naming: PatientNaming;
  /** Epoch milliseconds. */
  readonly now: number;
}

const NHS_TOKEN = new RegExp(`^(?:${NHS_NUMBER}\\|)?(\\d{10})$`);

/**
 * Reads the criteria of a conditional interaction or reference
 * (http://hl7.org/fhir/R4/http.html#ccreate): the text behind the question mark, a search as strict
 * as can be. `malformed` when it says anything that is not understood, or is no condition: to pass
 * over it would widen what is changed.
 */
export function readCriteria(
  type: RecordType,
  query: string,
  { naming, now }: CriteriaReading,
): Result<Criteria> {
  const pairs = [...new URLSearchParams(query)].filter(([name]) => !PRESENTATION.has(name));
  if (pairs.length === 0) return fail(NO_CRITERIA);
  const search = readSearch(type, pairs, {
    strict: true,
    now,
    baseUrl: naming.baseUrl,
    pageSize: { max: PAGE_SIZE_MAX, default: PAGE_SIZE_MAX },
    obeyed: (name, value) => isObeyedByRecord(type, name, value),
  });
  if (!search.ok) return search;
  const obeyed = pairs.filter(([name, value]) => isObeyedByRecord(type, name, value));
  if (search.value.conditions.length + obeyed.length !== pairs.length) return fail(NO_CONDITION);
  const patients = pairs.map(([name, value]) => patientNamed(type, name, value, naming));
  if (patients.includes('unclear')) return fail(UNCLEAR_PATIENT);
  return succeed({
    type,
    search: search.value,
    identifiers: identifiersIn(pairs),
    patients: patients.filter((each) => each !== null && each !== 'unclear'),
  });
}

const PRESENTATION: ReadonlySet<string> = new Set(['_format', '_pretty']);

/** Whom one parameter names; null where it names nobody. */
function patientNamed(
  type: RecordType,
  name: string,
  value: string,
  naming: PatientNaming,
): NamedPatient | 'unclear' | null {
  if (name === '_id') return value.includes(',') ? null : { by: 'id', id: recordIdOf(value) };
  if (type === 'Patient') return name === 'identifier' ? byNumberIn(value) : null;
  const [, element = '', form = ''] = /^([a-z]+)([.:]identifier|:Patient)?$/.exec(name) ?? [];
  if (!namesRecord(type, element)) {
    const [id, ...others] = new Set(recordsReferred(type, name, value, naming));
    return id === undefined || others.length > 0 ? null : { by: 'id', id };
  }
  if (form.endsWith('identifier')) return byNumberIn(value) ?? 'unclear';
  const id = patientIdOf(value, naming);
  return id === null ? 'unclear' : { by: 'id', id };
}

function byNumberIn(token: string): NamedPatient | null {
  const nhsNumber = NHS_TOKEN.exec(token)?.[1];
  return nhsNumber === undefined ? null : { by: 'number', nhsNumber };
}

/** The identifiers asked for, as far as they can be looked up: whole, and without escapes. */
function identifiersIn(pairs: readonly (readonly [string, string])[]): readonly string[] | null {
  const value = pairs.find(([name]) => name === 'identifier')?.[1];
  const tokens = value?.split(',') ?? [];
  const whole = tokens.every((token) => /^[^|\\]+\|[^|\\]+$/.test(token));
  return tokens.length > 0 && whole ? tokens : null;
}

const NO_CRITERIA = problem('malformed', 'required', 'Criteria are needed, as in a search.');
const NO_CONDITION = problem(
  'malformed',
  'not-supported',
  'Criteria say what an entry must be like; what shapes an answer has no place in them.',
);
const UNCLEAR_PATIENT = problem(
  'malformed',
  'value',
  'Criteria name one patient: as [id] or Patient/[id], or by NHS number as patient.identifier.',
);
