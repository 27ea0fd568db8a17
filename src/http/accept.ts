import type { FastifyRequest } from 'fastify';
import { type Problem, problem } from '../domain/problem.ts';
import { parametersIn, queryTextOf } from './form.ts';

const FHIR_VERSION = '4.0';
const ACCEPTED_RANGES = new Set([
  '*/*',
  'application/*',
  'application/json',
  'application/fhir+json',
]);
// A bare `+` in a query means a blank, and everybody forgets to escape it.
const ACCEPTED_FORMATS = new Set([
  'json',
  'text/json',
  'application/json',
  'application/fhir+json',
  'application/fhir json',
]);

const NOT_ACCEPTABLE: Problem = problem(
  'not-acceptable',
  'not-supported',
  `Answers come as application/fhir+json; fhirVersion=${FHIR_VERSION} only.`,
);

/**
 * Whether the caller takes what we have: FHIR R4 as JSON. `_format` outweighs Accept
 * (http://hl7.org/fhir/R4/http.html#general). Null when they do.
 */
export function acceptProblem(request: FastifyRequest): Problem | null {
  const parameters = parametersIn(queryTextOf(request));
  const format = parameters.ok ? parameters.value.get('_format') : null;
  if (format !== null) {
    const { type, version } = parseRange(format);
    return ACCEPTED_FORMATS.has(type) && speaksR4(version) ? null : NOT_ACCEPTABLE;
  }
  const header = request.headers.accept;
  if (header === undefined || header.trim() === '') return null;
  return header.split(',').some(isAcceptedRange) ? null : NOT_ACCEPTABLE;
}

/** Whether a media type's `fhirVersion`, if it has any, is ours. */
export function speaksR4(version: string | null): boolean {
  return version === null || version === FHIR_VERSION;
}

/** A media type or range taken apart; names in lower case, quotes removed. */
export function parseRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';');
  const values = new Map(parameters.map(parseParameter));
  return {
    type: type.trim().toLowerCase(),
    version: values.get('fhirversion') ?? null,
    charset: values.get('charset')?.toLowerCase() ?? null,
    quality: Number(values.get('q') ?? '1'),
  };
}

export interface MediaRange {
  readonly type: string;
  readonly version: string | null;
  readonly charset: string | null;
  readonly quality: number;
}

function parseParameter(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=', 2);
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
}

function isAcceptedRange(text: string): boolean {
  const { type, version, quality } = parseRange(text);
  return ACCEPTED_RANGES.has(type) && speaksR4(version) && quality > 0;
}
