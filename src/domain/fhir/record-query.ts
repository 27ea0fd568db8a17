import { type Issue, problems } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { type PatientNaming, patientIdOf, recordIdOfToken } from './patient-reference.ts';
import { recordIdOf } from './record-id.ts';
import {
  type IncludeParameter,
  SEARCHES,
  type SearchableType,
  type TypeSearch,
} from './search-parameters.ts';

/** A search inside one patient's record, as it was understood. */
export interface RecordQuery {
  /** The record searched; null when what was asked for can be in none. */
  readonly recordId: string | null;
  /** Whether the patient was named by NHS number. */
  readonly byNhsNumber: boolean;
  /** Only entries with one of these ids; null for all. */
  readonly ids: ReadonlySet<string> | null;
  /** References to follow; `*` for all. */
  readonly includes: readonly IncludeParameter[] | '*';
  /** The parameters used, as sent and in their order. */
  readonly used: readonly (readonly [string, string])[];
  /** Names of the parameters that were not understood and passed over. */
  readonly ignored: readonly string[];
}

/** The parameters that say whose record is meant: an answer about nobody does not repeat them. */
export function namesPatient(parameter: string): boolean {
  return /^(patient|subject|identifier|_id)([.:]|$)/.test(parameter);
}

/**
 * Understands the parameters of a record search, all faults at once. A search that names no patient
 * is refused, as is one that names several: every clinical question is about one patient. Unknown
 * parameters are faults when `strict`, else listed; they never widen an answer.
 */
export function readRecordQuery(
  type: Exclude<SearchableType, 'AuditEvent'>,
  parameters: URLSearchParams,
  options: { readonly strict: boolean },
  naming: PatientNaming,
): Result<RecordQuery> {
  const reading = new Reading(type, naming, options.strict);
  for (const [name, value] of parameters) reading.take(name, value);
  return reading.result();
}

class Reading {
  readonly #type: SearchableType;
  readonly #search: TypeSearch;
  readonly #naming: PatientNaming;
  readonly #strict: boolean;
  readonly #issues: Issue[] = [];
  readonly #used: [string, string][] = [];
  readonly #ignored: string[] = [];
  /** One set of record ids for each condition: all conditions must hold. */
  readonly #records: Set<string>[] = [];
  readonly #includes: IncludeParameter[] = [];
  #ids: ReadonlySet<string> | null = null;
  #includesAll = false;
  #byNhsNumber = false;

  constructor(type: SearchableType, naming: PatientNaming, strict: boolean) {
    this.#type = type;
    this.#search = SEARCHES[type];
    this.#naming = naming;
    this.#strict = strict;
  }

  take(name: string, value: string): void {
    if (this.#takeKnown(name, value)) {
      this.#used.push([name, value]);
    } else if (!isPresentation(name)) {
      this.#unknown(name);
    }
  }

  result(): Result<RecordQuery> {
    const records = this.#records.reduce(
      (both, each) => both.intersection(each),
      this.#records[0] ?? new Set<string>(),
    );
    if (this.#records.length === 0) this.#fault('required', this.#whichPatient());
    if (records.size > 1) this.#fault('too-costly', 'A search is about one patient at a time.');
    if (this.#issues.length > 0) return fail(problems('malformed', this.#issues));
    return succeed({
      recordId: [...records][0] ?? null,
      byNhsNumber: this.#byNhsNumber,
      ids: this.#ids,
      includes: this.#includesAll ? '*' : this.#includes,
      used: this.#used,
      ignored: this.#ignored,
    });
  }

  #takeKnown(name: string, value: string): boolean {
    if (name === '_include') return this.#takeInclude(value);
    const parameter = this.#search.parameters.find(
      (each) => each.name === name || each.spellings?.includes(name),
    );
    if (parameter === undefined) return false;
    if (value === '') this.#fault('value', `The parameter ${parameter.name} has no value.`);
    else if (name === '_id') this.#takeIds(value);
    else if (name === parameter.name && parameter.type === 'reference') this.#takePatients(value);
    else this.#takeNhsNumbers(value);
    return true;
  }

  #takePatients(value: string): void {
    const ids = value.split(',').map((each) => patientIdOf(each, this.#naming));
    this.#records.push(new Set(ids.filter((id) => id !== null)));
  }

  #takeNhsNumbers(value: string): void {
    this.#byNhsNumber = true;
    const ids = value.split(',').map((each) => recordIdOfToken(each, this.#naming));
    this.#records.push(new Set(ids.filter((id) => id !== null)));
  }

  #takeIds(value: string): void {
    const ids = value.split(',').filter((id) => this.#ids?.has(id) ?? true);
    this.#ids = new Set(ids);
    this.#records.push(new Set(value.split(',').map(recordIdOf)));
  }

  #takeInclude(value: string): boolean {
    const code = value.startsWith(`${this.#type}:`) ? value.slice(this.#type.length + 1) : value;
    if (code === '*') this.#includesAll = true;
    const found = this.#search.includes.find((each) => each.code === code.split(':')[0]);
    if (found !== undefined) this.#includes.push(narrowed(found, code));
    return code === '*' || found !== undefined;
  }

  #unknown(name: string): void {
    // The name is the caller's own text: said back only if it looks like a parameter's name.
    const shown = /^[A-Za-z0-9_.:-]{1,64}$/.test(name) ? name : 'with an unusual name';
    if (this.#strict) this.#fault('not-supported', `The parameter ${shown} is not supported here.`);
    else this.#ignored.push(shown);
  }

  #whichPatient(): string {
    return this.#type === 'Patient'
      ? 'A search for a Patient needs identifier (an NHS number) or _id.'
      : 'A clinical search needs a patient: patient=[id] or patient.identifier=[system]|[number].';
  }

  #fault(code: Issue['code'], diagnostics: string): void {
    this.#issues.push({ code, diagnostics });
  }
}

/** `_include=[type]:[code]:[target]` follows references to that type alone. */
function narrowed(include: IncludeParameter, code: string): IncludeParameter {
  const target = code.split(':')[1];
  if (target === undefined) return include;
  return { ...include, targets: include.targets.filter((each) => each === target) };
}

/** Parameters that shape the answer and were obeyed before the search. */
function isPresentation(name: string): boolean {
  return name === '_format' || name === '_pretty';
}
