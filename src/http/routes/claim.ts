import { claimRelationship } from '../../interactions/claim-relationship.ts';
import { perform } from '../../interactions/perform.ts';
import { withResource } from '../fhir-body.ts';
import type { Handler } from '../route.ts';

/** Records that a clinician claims a relationship with a patient. */
export const claim: Handler = (context, call, request) =>
  perform(
    context,
    call,
    withResource(request, (body) => claimRelationship(body)),
  );
