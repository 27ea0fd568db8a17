import { type Problem, problem } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { isElementName, isSummary, SUMMARIES, type Summary } from './project.ts';

/** Which parts of a resource a read asks for; null for all of it. */
export type ReadShape =
  | { readonly summary: Summary }
  | { readonly elements: readonly string[] }
  | null;

/**
 * Reads `_summary` and `_elements` of a read (http://hl7.org/fhir/R4/search.html#summary). Fails
 * with `malformed` for what cannot be obeyed: passed over, more would be shown than was asked for.
 */
export function readShape(parameters: URLSearchParams): Result<ReadShape> {
  const summaries = parameters.getAll('_summary');
  const [stated = 'false'] = summaries;
  const summary = SUMMARIES.find((each) => each === stated && each !== 'count');
  if (summary === undefined || summaries.length > 1) return fail(NO_SUMMARY);
  const elements = parameters.getAll('_elements').flatMap((value) => value.split(','));
  if (!elements.every(isElementName)) return fail(NO_ELEMENTS);
  if (elements.length === 0) return succeed(isSummary(summary) ? { summary } : null);
  return isSummary(summary) ? fail(BOTH) : succeed({ elements });
}

const NO_SUMMARY = refusal('_summary of a read is one of true, text, data and false.');
const NO_ELEMENTS = refusal('_elements names something that is no element of a resource.');
const BOTH = refusal('_elements and _summary do not go together.');

function refusal(words: string): Problem {
  return problem('malformed', 'value', words);
}
