import { PAGE_SIZE_MAX } from '../limits.ts';
import { type Issue, problems } from '../problem.ts';
import { fail, type Result, succeed } from '../result.ts';
import { rangeOf } from './date-range.ts';
import { type PatientNaming, patientIdOf, recordIdOfToken } from './patient-reference.ts';

/** The parameters of a history interaction (http://hl7.org/fhir/R4/http.html#history). */
export interface HistoryQuery {
  /** Whose record, for the history of a type or of all types; null where it was not said. */
  readonly recordId: string | null;
  /** Only versions at or after this moment, in epoch milliseconds. */
  readonly since: number | null;
  readonly count: number;
  /** The version id that the page before ended with; null for the first page. */
  readonly after: string | null;
  readonly used: readonly (readonly [string, string])[];
}

/** Understands the parameters of a history; `malformed` names all that cannot be. */
export function readHistoryQuery(
  parameters: URLSearchParams,
  naming: PatientNaming,
): Result<HistoryQuery> {
  const issues: Issue[] = [];
  const fault = (diagnostics: string) => issues.push({ code: 'value', diagnostics });
  const query = { recordId: null as string | null, since: null as number | null };
  let count = HISTORY_PAGE_SIZE;
  for (const [name, value] of parameters) {
    if (name === 'patient') query.recordId = patientIdOf(value, naming);
    else if (name === 'patient.identifier' || name === 'patient:identifier') {
      query.recordId = recordIdOfToken(value, naming);
    } else if (name === '_since') {
      query.since = rangeOf(value.replace(' ', '+'))?.start ?? null;
      if (query.since === null) fault('_since is not an instant.');
    } else if (name === '_count') {
      count = Number(value);
      if (!/^[1-9]\d*$/.test(value)) fault('_count is not a positive number.');
    } else if (!PRESENTATION.includes(name)) {
      fault('A history takes _since, _count and, for a type or the server, patient.');
    }
  }
  if (issues.length > 0) return fail(problems('malformed', issues));
  const used = [...parameters].filter(([name]) => !PRESENTATION.includes(name));
  const after = parameters.get('_cursor');
  return succeed({ ...query, count: Math.min(count, PAGE_SIZE_MAX), after, used });
}

const HISTORY_PAGE_SIZE = 100;
const PRESENTATION = ['_format', '_pretty', '_cursor'];
