import type { Json } from '../fhir/json.ts';
import type { Issue } from '../problem.ts';
import type { Parameter, Path } from './definition.ts';
import type { Place } from './references.ts';

/** Whether one element, found at a path, is what was searched for. */
export type ElementTest = (element: Json, path: Path, place: Place) => boolean;

/** What resources are ordered by: of one sort key, all are numbers or all are texts. */
export type SortValue = string | number;

/** What a value is read for. */
export interface Asked {
  /** As messages say it: the parameter's name, chains included, without what the caller made up. */
  readonly name: string;
  readonly parameter: Pick<Parameter, 'name' | 'paths' | 'targets'>;
  readonly modifier: string | null;
  readonly baseUrl: string;
  /** Epoch milliseconds: how near a date is, and how old a person, depends on it. */
  readonly now: number;
}

/** How one type of search parameter is read, compared and sorted by. */
export interface Kind {
  /** Understands one alternative of a value, still escaped; an Issue says why it cannot. */
  read(text: string, asked: Asked): ElementTest | Issue;
  /** The values to sort by of one element; for a range its near end in that order. */
  sortValues(element: Json, path: Path, place: Place, isDescending: boolean): readonly SortValue[];
}

/** The fault of a value that cannot be read; `what` continues "The value of [name]". */
export function valueFault(asked: Pick<Asked, 'name'>, what: string): Issue {
  return { code: 'value', diagnostics: `The value of ${asked.name} ${what}.` };
}

/** The fault of a modifier that does not fit a parameter, or that needs more than we have. */
export function modifierFault({ name, modifier }: Asked, why = 'is not supported here'): Issue {
  const shown = modifier !== null && MODIFIER.test(modifier) ? `:${modifier} ` : '';
  return { code: 'not-supported', diagnostics: `The modifier ${shown}of ${name} ${why}.` };
}

const MODIFIER = /^[A-Za-z-]{1,40}$/;
