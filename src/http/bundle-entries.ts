import { objectAt, textAt } from '../domain/fhir/elements.ts';
import { isObject, type Json, type JsonObject, writeJson } from '../domain/fhir/json.ts';
import { relativeUrl } from '../domain/gp/edits/relative-url.ts';
import { type Problem, problem } from '../domain/problem.ts';
import type { Call, Context } from '../interactions/context.ts';
import { StoreUnavailable } from '../ports/store.ts';
import { callOf } from './call-of.ts';
import { isNotModified } from './conditional-read.ts';
import { unavailable } from './failure.ts';
import { matchRoute, type RouteMatch } from './match-route.ts';
import { operationOutcome, statusOf } from './outcome.ts';
import type { ReturnPreference } from './prefer.ts';
import { entryOf, type ResponseEntry } from './response-bundle.ts';
import { bodyOf, FHIR_PATH, type FhirRequest, type FhirRoute, isEdit } from './route.ts';

/** What the entries of one Bundle have in common. */
export interface Dispatching {
  readonly context: Context;
  /** The call that brought the Bundle. */
  readonly call: Call;
  readonly routes: readonly FhirRoute[];
  readonly returns: ReturnPreference;
  /** Whether searches are to refuse what they do not know. */
  readonly strict: boolean;
}

/**
 * Does what one entry of a batch asks for, or a reading entry of a transaction, as a request of its
 * own would be done: the same route, with its own authorisation and audit entry. Never rejects for
 * the store: the entry is answered with 503.
 */
export async function answerEntry(entry: Json, dispatching: Dispatching): Promise<ResponseEntry> {
  const asked = isObject(entry) ? requestOf(entry, dispatching) : null;
  if (asked === null) return refused(NO_REQUEST);
  if (asked.match === null) return refused(NO_ROUTE);
  const { match, request } = asked;
  const { context, call, returns } = dispatching;
  try {
    const own = callOf(match.route, call, request);
    const result = await match.route.handle(context, own, request);
    if (!result.ok) return refused(result.problem);
    if (isNotModified(request, result.value)) return NOT_MODIFIED;
    const preferred = isEdit(match.route) ? returns : 'representation';
    const answer = entryOf(result.value, context.baseUrl, preferred);
    return request.method === 'HEAD' ? { ...answer, resource: [] } : answer;
  } catch (error) {
    if (error instanceof StoreUnavailable) return refused(unavailable());
    throw error;
  }
}

/** The route of a reading entry's URL; null when there is none. */
export function readRouteOf(url: string, routes: readonly FhirRoute[]): RouteMatch | null {
  const [path = ''] = url.split('?', 1);
  return matchRoute(routes, 'GET', `/${path}`);
}

function refused(problemFound: Problem): ResponseEntry {
  return {
    status: statusOf(problemFound.kind),
    resource: [],
    outcome: operationOutcome(problemFound),
  };
}

type EntryRequest = FhirRequest & { readonly method: string };

const NOT_MODIFIED: ResponseEntry = { status: 304, resource: [], outcome: null };

function requestOf(
  entry: JsonObject,
  { context, routes, strict }: Dispatching,
): { readonly request: EntryRequest; readonly match: RouteMatch | null } | null {
  const asked = objectAt(entry, 'request') ?? {};
  const method = textAt(asked, 'method');
  const url = textAt(asked, 'url');
  if (method === null || url === null) return null;
  const relative = `/${relativeUrl(url, context.baseUrl)}`;
  const [path = ''] = relative.split('?', 1);
  const found = matchRoute(routes, method === 'HEAD' ? 'GET' : method, path);
  // A Bundle in a Bundle would be without end, and a search form is no resource.
  const match = found && found.route.path !== '' && bodyOf(found.route) !== 'form' ? found : null;
  const { resource } = entry;
  const request = {
    method,
    url: FHIR_PATH + relative,
    headers: { ...headersOf(asked), ...(strict && { prefer: 'handling=strict' }) },
    params: match?.params ?? {},
    body: resource === undefined ? undefined : new TextEncoder().encode(writeJson(resource)),
  };
  return { request, match };
}

const HEADERS: readonly (readonly [element: string, header: string])[] = [
  ['ifMatch', 'if-match'],
  ['ifNoneMatch', 'if-none-match'],
  ['ifModifiedSince', 'if-modified-since'],
  ['ifNoneExist', 'if-none-exist'],
];

function headersOf(asked: JsonObject): FhirRequest['headers'] {
  const stated = HEADERS.flatMap(([element, header]) => {
    const value = textAt(asked, element);
    return value === null ? [] : [[header, value] as const];
  });
  return Object.fromEntries(stated);
}

const NO_REQUEST = problem('malformed', 'required', 'A request with method and url is needed.');
const NO_ROUTE = problem(
  'not-found',
  'not-supported',
  'There is nothing at this path that answers this method, in a batch or transaction.',
);
