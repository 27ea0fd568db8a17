import type { RecordType } from '../../domain/fhir/resource-types.ts';
import type { Interaction } from '../../interactions/perform.ts';
import { perform } from '../../interactions/perform.ts';
import { readResource } from '../../interactions/read-resource.ts';
import { searchResources } from '../../interactions/search-resources.ts';
import { withParameters } from '../fhir-body.ts';
import { isStrict } from '../prefer.ts';
import type { FhirRequest, Handler } from '../route.ts';

/** How a search treats what it does not understand. */
export interface SearchOptions {
  /** Refuse unknown parameters instead of passing over them. */
  readonly strict: boolean;
}

/** Reads one resource of a care record. */
export function readHandler(type: RecordType): Handler {
  return (context, call, request) => {
    const read = (parameters: URLSearchParams) => readResource(type, idOf(request), parameters);
    return perform(context, call, withParameters(request, read));
  };
}

/** Searches the entries of one patient's care record. */
export function searchHandler(type: Exclude<RecordType, 'Patient'>): Handler {
  return searching((parameters, options) => searchResources(type, parameters, options));
}

/** A handler for any search, by GET or by form. */
export function searching(
  search: (parameters: URLSearchParams, options: SearchOptions) => Interaction,
): Handler {
  return (context, call, request) => {
    const options = { strict: isStrict(request) };
    const interaction = withParameters(request, (parameters) => search(parameters, options));
    return perform(context, call, interaction);
  };
}

/** The `id` of the path, as it was sent. */
export function idOf(request: FhirRequest): string {
  const { id } = request.params as { readonly id?: string };
  return id ?? '';
}
