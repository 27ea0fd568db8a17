import type { Issue } from '../problem.ts';
import { CONTAINED, type Contained } from './contained.ts';
import { type Inclusion, readInclusion } from './include.ts';
import { valueFault } from './kind.ts';
import { isElementName, SUMMARIES, type Summary } from './project.ts';
import type { SearchType } from './search-types.ts';
import { readSort, type SortRule } from './sort.ts';

/** What shapes an answer, not what is found (http://hl7.org/fhir/R4/search.html#return). */
export interface ResultParameters {
  readonly sort: readonly SortRule[];
  /** How many matches a page holds. */
  readonly count: number;
  /** Whether matches are counted alone, and none shown. */
  readonly countsOnly: boolean;
  /** Whether the total is to be said; it is always exact. */
  readonly saysTotal: boolean;
  readonly summary: Summary;
  /** The root elements to show of matches; null for all. */
  readonly elements: readonly string[] | null;
  /** Whether what other resources contain is looked at, and what they are themselves. */
  readonly contained: Contained;
  /** Whether the container is shown of what is contained, or else that by itself. */
  readonly showsContainer: boolean;
  readonly includes: readonly Inclusion[];
  readonly revincludes: readonly Inclusion[];
}

/** The result parameters that are supported, as a CapabilityStatement or an OpenAPI names them. */
export const RESULT_PARAMETERS = [
  '_sort',
  '_count',
  '_total',
  '_summary',
  '_elements',
  '_include',
  '_revinclude',
  '_contained',
  '_containedType',
] as const;

/** Parameters of R4 that would change what is found and that this server cannot obey. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['_text', 'narratives are not indexed for text search'],
  ['_content', 'contents are not indexed for text search'],
  ['_filter', 'filter expressions are not evaluated here'],
  ['_list', 'there are no List resources here'],
  ['_query', 'there are no named queries here'],
]);

/**
 * Why a known parameter is refused, whatever its value and however lenient the caller: passing it
 * over would widen the answer. Null for all others.
 */
export function refusalOf(name: string): Issue | null {
  const code = name.split(':')[0] ?? '';
  const why = REFUSED.get(code);
  if (why === undefined) return null;
  return { code: 'not-supported', diagnostics: `The parameter ${code} is not supported: ${why}.` };
}

type Taken = 'understood' | 'unknown' | Issue;

/** Collects the result parameters of one search. */
export class ResultReader {
  readonly #type: SearchType;
  readonly #pageSize: { readonly max: number; readonly default: number };
  readonly #seen = new Set<string>();
  readonly #sort: SortRule[] = [];
  readonly #includes: Inclusion[] = [];
  readonly #revincludes: Inclusion[] = [];
  readonly #elements: string[] = [];
  #count: number | null = null;
  #saysTotal = true;
  #summary: Summary = 'false';
  #contained: Contained = 'false';
  #showsContainer = true;

  constructor(type: SearchType, pageSize: { readonly max: number; readonly default: number }) {
    this.#type = type;
    this.#pageSize = pageSize;
  }

  /** Takes a parameter if it is one of these; an Issue says what is wrong with it. */
  take(name: string, value: string): Taken {
    const [code = '', ...modifiers] = name.split(':');
    const modifier = modifiers.length === 0 ? null : modifiers.join(':');
    if (code === '_include' || code === '_revinclude') {
      return this.#takeInclusion(code, modifier, value);
    }
    if (!RESULT_PARAMETERS.some((each) => each === code)) return 'unknown';
    if (modifier !== null) {
      return { code: 'not-supported', diagnostics: `The parameter ${code} takes no modifier.` };
    }
    const repeats = this.#seen.has(code) && code !== '_sort' && code !== '_elements';
    this.#seen.add(code);
    return repeats ? valueFault({ name: code }, 'is given twice') : this.#takeSingle(code, value);
  }

  result(): { readonly parameters: ResultParameters; readonly issues: readonly Issue[] } {
    const { max, default: usual } = this.#pageSize;
    const parameters = {
      sort: this.#sort,
      count: Math.min(this.#count ?? usual, max),
      countsOnly: this.#summary === 'count' || this.#count === 0,
      saysTotal: this.#saysTotal,
      summary: this.#summary,
      elements: this.#seen.has('_elements') ? this.#elements : null,
      contained: this.#contained,
      showsContainer: this.#showsContainer,
      includes: this.#includes,
      revincludes: this.#revincludes,
    };
    return { parameters, issues: this.#contradictions() };
  }

  #takeInclusion(name: '_include' | '_revinclude', modifier: string | null, value: string): Taken {
    const read = readInclusion(this.#type, name, modifier, value);
    if (!Array.isArray(read)) return read as Issue;
    const asked = `${name}:${modifier}=${value}`;
    if (this.#seen.has(asked)) return 'understood';
    this.#seen.add(asked);
    (name === '_include' ? this.#includes : this.#revincludes).push(...read);
    return 'understood';
  }

  #takeSingle(name: string, value: string): Taken {
    switch (name) {
      case '_sort':
        return this.#takeSort(value);
      case '_count':
        return this.#takeCount(value);
      case '_total':
        this.#saysTotal = value !== 'none';
        return oneOf(name, value, ['none', 'estimate', 'accurate']);
      case '_summary':
        this.#summary = SUMMARIES.find((each) => each === value) ?? 'false';
        return oneOf(name, value, SUMMARIES);
      case '_elements':
        return this.#takeElements(value);
      case '_contained':
        this.#contained = CONTAINED.find((each) => each === value) ?? 'false';
        return oneOf(name, value, CONTAINED);
      default:
        this.#showsContainer = value !== 'contained';
        return oneOf(name, value, ['container', 'contained']);
    }
  }

  #takeSort(value: string): Taken {
    const rules = readSort(this.#type, value);
    if (!Array.isArray(rules)) return rules as Issue;
    this.#sort.push(...rules);
    return 'understood';
  }

  #takeCount(value: string): Taken {
    if (!/^\d{1,9}$/.test(value)) return valueFault({ name: '_count' }, 'is no whole number');
    this.#count = Number(value);
    return 'understood';
  }

  #takeElements(value: string): Taken {
    const names = value.split(',');
    if (!names.every(isElementName)) {
      return valueFault({ name: '_elements' }, 'names something that is no element of a resource');
    }
    this.#elements.push(...names);
    return 'understood';
  }

  #contradictions(): readonly Issue[] {
    const issues: Issue[] = [];
    const cuts = this.#summary === 'true' || this.#summary === 'text' || this.#summary === 'data';
    if (cuts && this.#seen.has('_elements')) {
      issues.push(together('_elements', `_summary=${this.#summary}`));
    }
    if (this.#summary === 'text' && this.#includes.length + this.#revincludes.length > 0) {
      issues.push(together('_include or _revinclude', '_summary=text'));
    }
    return issues;
  }
}

function together(one: string, other: string): Issue {
  return { code: 'invalid', diagnostics: `${one} and ${other} do not go together.` };
}

function oneOf(name: string, value: string, allowed: readonly string[]): Taken {
  if (allowed.includes(value)) return 'understood';
  return valueFault({ name }, `is none of ${allowed.join(', ')}`);
}
