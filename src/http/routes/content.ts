import type { RecordType } from '../../domain/fhir/resource-types.ts';
import { perform } from '../../interactions/perform.ts';
import { readMeta } from '../../interactions/read-meta.ts';
import { validateInstance } from '../../interactions/validate-instance.ts';
import { validateResource } from '../../interactions/validate-resource.ts';
import { withQuery, withResource, withResourceIfAny } from '../fhir-body.ts';
import type { Handler } from '../route.ts';
import { idOf } from './record.ts';

/** Says what is wrong with a resource, without storing it. */
export function validateHandler(type: RecordType): Handler {
  return (context, call, request) => {
    const interaction = withQuery(request, (query) =>
      withResource(request, (body) => validateResource(type, body, query)),
    );
    return perform(context, call, interaction);
  };
}

/** Says what is wrong with a stored resource, or with what is to take its place. */
export function validateInstanceHandler(type: RecordType): Handler {
  return (context, call, request) => {
    const interaction = withQuery(request, (query) =>
      withResourceIfAny(request, (body) => validateInstance(type, idOf(request), body, query)),
    );
    return perform(context, call, interaction);
  };
}

/** The metadata of one resource. */
export function metaHandler(type: RecordType): Handler {
  return (context, call, request) => perform(context, call, readMeta(type, idOf(request)));
}
