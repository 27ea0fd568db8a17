import { perform } from '../../interactions/perform.ts';
import { createConsent, updateConsent } from '../../interactions/record-consent.ts';
import { withResource } from '../fhir-body.ts';
import type { Handler } from '../route.ts';
import { idOf } from './record.ts';

/** Records a new choice of a patient. */
export const createChoice: Handler = (context, call, request) =>
  perform(
    context,
    call,
    withResource(request, (body) => createConsent(body)),
  );

/** Changes or ends a choice of a patient. */
export const updateChoice: Handler = (context, call, request) =>
  perform(
    context,
    call,
    withResource(request, (body) => updateConsent(idOf(request), body)),
  );
