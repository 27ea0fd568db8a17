import type { Instant } from '../../fhir/instant.ts';
import { isObject, type JsonObject } from '../../fhir/json.ts';
import { isRecordType } from '../../fhir/resource-types.ts';
import { BUNDLE_ENTRIES_MAX, CRITERIA_MAX } from '../../limits.ts';
import { type Issue, type Problem, problem, problems } from '../../problem.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { bundleTimestamp } from '../bundle-timestamp.ts';
import type { Edit, EditAction } from './edit.ts';
import { type EditReading, readEdit, requestOf } from './edit-request.ts';
import { relativeUrl } from './relative-url.ts';

/** A transaction as it was understood. */
export interface Transaction {
  readonly edits: readonly Edit[];
  /** For each edit, the number of its entry. */
  readonly places: readonly number[];
  /** `Bundle.timestamp`; null when there is none. */
  readonly timestamp: Instant | null;
  /** The entries that read, each with its number and the URL behind the base. */
  readonly reads: readonly { readonly place: number; readonly url: string }[];
}

const ACTIONS: ReadonlyMap<string, EditAction> = new Map([
  ['POST', 'create'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
]);

/**
 * Understands a Bundle of the type `transaction` (http://hl7.org/fhir/R4/http.html#transaction):
 * all faults at once, each with its entry. `malformed` when an entry makes no sense as a request,
 * else `invalid`; `too-large` when there are too many.
 */
export function readTransaction(bundle: JsonObject, reading: EditReading): Result<Transaction> {
  const entries = Array.isArray(bundle.entry) ? bundle.entry : [];
  if (entries.length > BUNDLE_ENTRIES_MAX) return fail(TOO_MANY);
  const faults: Problem[] = [];
  const edits: Edit[] = [];
  const places: number[] = [];
  const reads: { place: number; url: string }[] = [];
  entries.forEach((entry, place) => {
    const at = `Bundle.entry[${place}]`;
    const read = isObject(entry) ? readEntry(entry, at, reading) : fail(notAnEntry(at));
    if (!read.ok) faults.push(read.problem);
    else if (typeof read.value === 'string') reads.push({ place, url: read.value });
    else {
      edits.push(read.value);
      places.push(place);
    }
  });
  const timestamp = bundleTimestamp(bundle);
  if (edits.filter(isCostly).length > CRITERIA_MAX) return fail(TOO_COSTLY);
  const issues = [...faults.flatMap((each) => each.issues), ...doubledNames(edits)];
  if (bundle.timestamp !== undefined && timestamp === null) issues.push(NO_INSTANT);
  if (issues.length === 0) return succeed({ edits, places, reads, timestamp });
  const malformed = faults.some((each) => each.kind === 'malformed');
  return fail(problems(malformed ? 'malformed' : 'invalid', issues));
}

function isCostly(edit: Edit): boolean {
  if (edit.action === 'create') return edit.unless !== null && edit.unless.identifiers === null;
  return edit.target.kind === 'criteria' && edit.target.criteria.identifiers === null;
}

/** What one entry asks for; the URL for one that reads. */
function readEntry(entry: JsonObject, at: string, reading: EditReading): Result<Edit | string> {
  const { method, url, ifMatch, ifNoneExist } = requestOf(entry);
  if (method === null || url === null) return fail(notAnEntry(at));
  const relative = relativeUrl(url, reading.naming.baseUrl);
  if (method === 'GET' || method === 'HEAD') return succeed(relative);
  const action = ACTIONS.get(method);
  const [, type = '', id = null, query = null] = EDITED_URL.exec(relative) ?? [];
  if (action === undefined || !isRecordType(type) || !fits(action, id, query)) {
    return fail(problem('malformed', 'not-supported', NOT_EDITABLE, `${at}.request`));
  }
  const body = isObject(entry.resource) ? entry.resource : undefined;
  const fullUrl = typeof entry.fullUrl === 'string' ? entry.fullUrl : null;
  const request = { action, type, id, query, ifMatch, ifNoneExist, body, fullUrl, at };
  return readEdit(request, reading);
}

const EDITED_URL = /^([A-Z][A-Za-z]+)(?:\/([A-Za-z0-9\-.]{1,64}))?(?:\?(.+))?$/;

function fits(action: EditAction, id: string | null, query: string | null): boolean {
  if (action === 'create') return id === null && query === null;
  return (id === null) !== (query === null);
}

/** Entries that cannot be told apart by their URLs. */
function doubledNames(edits: readonly Edit[]): readonly Issue[] {
  const taken = new Set<string>();
  return edits.flatMap((edit) => {
    const names =
      edit.action === 'create' || edit.action === 'update' ? edit.content.references : [];
    const doubled = names.some((name) => taken.has(name));
    for (const name of names) taken.add(name);
    if (!doubled) return [];
    const diagnostics = 'Another entry has the same fullUrl or id.';
    return [{ code: 'duplicate', diagnostics, expression: `${edit.at}.fullUrl` }];
  });
}

function notAnEntry(at: string): Problem {
  return problem('malformed', 'required', 'A request with method and url is needed.', at);
}

const NOT_EDITABLE =
  'The request must be POST [type], PUT, PATCH or DELETE [type]/[id] or [type]?[criteria], or GET, for a type that a record holds.';
const NO_INSTANT: Issue = {
  code: 'value',
  diagnostics: 'This is not an instant.',
  expression: 'Bundle.timestamp',
};
const TOO_COSTLY = problem(
  'too-large',
  'too-costly',
  `A transaction may have ${CRITERIA_MAX} criteria without an identifier at most.`,
  'Bundle.entry',
);
const TOO_MANY = problem(
  'too-large',
  'too-costly',
  `A transaction may have ${BUNDLE_ENTRIES_MAX} entries at most.`,
  'Bundle.entry',
);
