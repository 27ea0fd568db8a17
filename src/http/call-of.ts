import type { Caller } from '../domain/access/caller.ts';
import type { Call } from '../interactions/context.ts';
import { parametersOf } from './fhir-body.ts';
import { bodyOf, type FhirRequest, type FhirRoute } from './route.ts';

/** Who sends a request, and under which X-Request-ID. */
export interface Sender {
  readonly caller: Caller;
  readonly requestId: string;
}

/** What a request to a route is, for authorisation, for the rules and for the audit entry. */
export function callOf(
  route: FhirRoute,
  { caller, requestId }: Sender,
  request: FhirRequest,
): Call {
  const { interaction, type, action } = route;
  return {
    caller,
    requestId,
    act: { interaction, type, action, target: targetOf(route, request) },
  };
}

/** The target as sent; a search by form is written as the search by query that it equals. */
function targetOf(route: FhirRoute, request: FhirRequest): string {
  if (bodyOf(route) !== 'form') return request.url;
  const parameters = parametersOf(request);
  const [path = ''] = request.url.split('?', 1);
  const search = path.replace(/\/_search$/, '');
  return parameters.ok ? `${search}?${parameters.value}` : search;
}
