import type { RecordType } from '../../domain/fhir/resource-types.ts';
import { perform } from '../../interactions/perform.ts';
import { readMeta } from '../../interactions/read-meta.ts';
import { validateResource } from '../../interactions/validate-resource.ts';
import { withResource } from '../fhir-body.ts';
import { queryTextOf } from '../form.ts';
import type { Handler } from '../route.ts';
import { idOf } from './record.ts';

/** Says what is wrong with a resource, without storing it. */
export function validateHandler(type: RecordType): Handler {
  return (context, call, request) => {
    const query = new URLSearchParams(queryTextOf(request));
    return perform(
      context,
      call,
      withResource(request, (body) => validateResource(type, body, query)),
    );
  };
}

/** The metadata of one resource. */
export function metaHandler(type: RecordType): Handler {
  return (context, call, request) => perform(context, call, readMeta(type, idOf(request)));
}
