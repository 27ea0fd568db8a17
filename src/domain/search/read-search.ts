import { type Issue, problems } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { type Condition, type Reading, readCondition } from './condition.ts';
import { splitValue } from './escapes.ts';
import { type ResultParameters, ResultReader, refusalOf } from './result-parameters.ts';
import type { SearchType } from './search-types.ts';

/** A search of one type, as it was understood. */
export interface Search extends ResultParameters {
  readonly type: SearchType;
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** The same of what is contained: whose record it is in does not say whom it is about. */
  readonly containedConditions: readonly Condition[];
  /** The parameters used, as sent and in their order: those of the `self` link. */
  readonly used: readonly (readonly [string, string])[];
  /** Names of the parameters that were not understood and passed over; safe to say back. */
  readonly ignored: readonly string[];
}

/** How a search is to be read. */
export interface SearchOptions extends Reading {
  /** Whether an unknown parameter is a fault; else it is passed over and listed. */
  readonly strict: boolean;
  /** How many matches a page holds at most, and where the caller does not say. */
  readonly pageSize: { readonly max: number; readonly default: number };
  /** Parameters that were obeyed before, such as those that name the record: used, no more. */
  readonly obeyed?: (name: string, value: string) => boolean;
}

/** How many parameters one search may have, and how many alternatives all of them together. */
export const PARAMETERS_MAX = 100;
export const ALTERNATIVES_MAX = 500;

/**
 * Understands the parameters of a search (http://hl7.org/fhir/R4/search.html), all faults at once
 * as one `malformed` problem. Whatever a known parameter says that cannot be obeyed is a fault: a
 * modifier, a value, a chain. `_format` and `_pretty` were obeyed before and are neither used nor
 * ignored.
 */
export function readSearch(
  type: SearchType,
  parameters: Iterable<readonly [string, string]>,
  options: SearchOptions,
): Result<Search> {
  const reader = new SearchReader(type, options);
  for (const [name, value] of parameters) reader.take(name, value);
  return reader.result();
}

class SearchReader {
  readonly #type: SearchType;
  readonly #options: SearchOptions;
  readonly #issues: Issue[] = [];
  readonly #conditions: Condition[] = [];
  readonly #obeyed: (readonly [string, string])[] = [];
  readonly #used: (readonly [string, string])[] = [];
  readonly #ignored: string[] = [];
  readonly #results: ResultReader;
  #alternatives = 0;

  constructor(type: SearchType, options: SearchOptions) {
    this.#type = type;
    this.#options = options;
    this.#results = new ResultReader(type, options.pageSize);
  }

  take(name: string, value: string): void {
    if (name === '_format' || name === '_pretty') return;
    if (this.#used.length + this.#ignored.length === PARAMETERS_MAX) this.#fault(TOO_MANY);
    if (this.#used.length + this.#ignored.length > PARAMETERS_MAX) return;
    const outcome = this.#read(name, value);
    if (outcome === 'unknown') this.#unknown(name);
    else this.#used.push([name, value]);
    if (typeof outcome === 'object') this.#fault(outcome);
  }

  result(): Result<Search> {
    const results = this.#results.result();
    for (const issue of results.issues) this.#fault(issue);
    const others = results.parameters.contained === 'false' ? [] : this.#obeyedConditions();
    if (this.#issues.length > 0) return fail(problems('malformed', this.#issues));
    return succeed({
      ...results.parameters,
      type: this.#type,
      conditions: this.#conditions,
      containedConditions: [...this.#conditions, ...others],
      used: this.#used,
      ignored: this.#ignored,
    });
  }

  #read(name: string, value: string): 'understood' | 'unknown' | Issue {
    if (this.#options.obeyed?.(name, value)) {
      this.#obeyed.push([name, value]);
      return 'understood';
    }
    const refusal = refusalOf(name);
    if (refusal !== null) return refusal;
    const result = this.#results.take(name, value);
    if (result !== 'unknown') return result;
    this.#alternatives += splitValue(value, ',').length;
    if (this.#alternatives > ALTERNATIVES_MAX) return TOO_MANY_ALTERNATIVES;
    const condition = readCondition(this.#type, name, value, this.#options);
    if (condition === null) return 'unknown';
    if (typeof condition !== 'function') return condition;
    this.#conditions.push(condition);
    return 'understood';
  }

  /** What was obeyed by the choice of the record, as conditions. */
  #obeyedConditions(): readonly Condition[] {
    const read = this.#obeyed.map(([name, value]) =>
      readCondition(this.#type, name, value, this.#options),
    );
    for (const each of read) if (typeof each === 'object' && each !== null) this.#fault(each);
    return read.filter((each) => typeof each === 'function');
  }

  #unknown(name: string): void {
    // The name is the caller's own text: said back only if it looks like a parameter's name.
    const shown = PARAMETER_NAME.test(name) ? name : 'with an unusual name';
    this.#ignored.push(shown);
    if (!this.#options.strict) return;
    const diagnostics = `The parameter ${shown} is not supported here.`;
    this.#fault({ code: 'not-supported', diagnostics });
  }

  #fault(issue: Issue): void {
    this.#issues.push(issue);
  }
}

const PARAMETER_NAME = /^[A-Za-z0-9_.:-]{1,64}$/;

const TOO_MANY: Issue = {
  code: 'too-costly',
  diagnostics: `A search has ${PARAMETERS_MAX} parameters at most.`,
};

const TOO_MANY_ALTERNATIVES: Issue = {
  code: 'too-costly',
  diagnostics: `A search lists ${ALTERNATIVES_MAX} values at most.`,
};
