import type { JsonObject } from '../fhir/json.ts';
import { type Problem, problem } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import {
  isElementName,
  isSummary,
  SUMMARIES,
  type Summary,
  summarised,
  withElements,
} from './project.ts';

/** Which parts of a resource are asked for; null for all of it. */
export type ReadShape =
  | { readonly summary: Summary }
  | { readonly elements: readonly string[] }
  | null;

/**
 * Reads `_summary` and `_elements` where nothing is counted (http://hl7.org/fhir/R4/search.html#summary). Fails
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

/** A resource with the parts alone that are asked for; itself where that is all of it. */
export function shapedAs(resource: JsonObject, shape: ReadShape): JsonObject {
  if (shape === null) return resource;
  return 'elements' in shape
    ? withElements(resource, shape.elements)
    : summarised(resource, shape.summary);
}

const NO_SUMMARY = refusal('_summary is one of true, text, data and false here.');
const NO_ELEMENTS = refusal('_elements names something that is no element of a resource.');
const BOTH = refusal('_elements and _summary do not go together.');

function refusal(words: string): Problem {
  return problem('malformed', 'value', words);
}
