import { explainAccess } from '../../interactions/explain-access.ts';
import { perform } from '../../interactions/perform.ts';
import { withResource } from '../fhir-body.ts';
import type { Handler } from '../route.ts';

/** Explains who would see what of a record, and by which rules. */
export const explain: Handler = (context, call, request) =>
  perform(
    context,
    call,
    withResource(request, (body) => explainAccess(body)),
  );
