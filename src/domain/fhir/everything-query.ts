import { PAGE_SIZE_MAX } from '../limits.ts';
import { type Issue, problems } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { rangeOf } from './date-range.ts';
import { isRecordType, type RecordType } from './resource-types.ts';

/**
 * The parameters of `Patient/$everything`
 * (http://hl7.org/fhir/R4/patient-operation-everything.html).
 */
export interface EverythingQuery {
  /** Only these types; null for all. */
  readonly types: ReadonlySet<RecordType> | null;
  /** Only what changed at or after this moment, in epoch milliseconds. */
  readonly since: number | null;
  /** Only what took place between these moments; what has no date is always part of it. */
  readonly start: number | null;
  readonly end: number | null;
  readonly count: number;
  /** `Type/id` that the page before ended with; null for the first page. */
  readonly after: string | null;
  readonly used: readonly (readonly [string, string])[];
}

/** Understands the parameters of `$everything`; `malformed` names all that cannot be. */
export function readEverythingQuery(parameters: URLSearchParams): Result<EverythingQuery> {
  const issues: Issue[] = [];
  const fault = (diagnostics: string) => issues.push({ code: 'value', diagnostics });
  for (const name of parameters.keys()) {
    if (!KNOWN.has(name)) fault(`$everything takes ${[...KNOWN].join(', ')}.`);
  }
  const moment = (name: string, end: 'start' | 'end'): number | null => {
    const text = parameters.get(name);
    const found = text === null ? null : (rangeOf(text.replace(' ', '+'))?.[end] ?? null);
    if (text !== null && found === null) fault(`${name} is not a date.`);
    return found;
  };
  const types = parameters.getAll('_type').flatMap((each) => each.split(','));
  if (!types.every(isRecordType)) fault('_type names a type that is not part of a record.');
  const count = Number(parameters.get('_count') ?? PAGE_SIZE_MAX);
  if (!Number.isInteger(count) || count < 1) fault('_count is not a positive number.');
  const times = {
    since: moment('_since', 'start'),
    start: moment('start', 'start'),
    end: moment('end', 'end'),
  };
  if (issues.length > 0) return fail(problems('malformed', issues));
  return succeed({
    types: types.length === 0 ? null : new Set(types.filter(isRecordType)),
    ...times,
    count: Math.min(count, PAGE_SIZE_MAX),
    after: parameters.get('_cursor'),
    used: [...parameters].filter(([name]) => !PRESENTATION.includes(name)),
  });
}

const PRESENTATION = ['_format', '_pretty', '_cursor'];
const KNOWN = new Set(['_type', '_since', 'start', 'end', '_count', ...PRESENTATION]);
