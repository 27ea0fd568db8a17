import { perform } from '../../interactions/perform.ts';
import { submitRecord } from '../../interactions/submit-record.ts';
import { withText } from '../fhir-body.ts';
import type { Handler } from '../route.ts';

/** Takes an organisation's complete current extract for one patient. */
export const submit: Handler = (context, call, request) =>
  perform(
    context,
    call,
    withText(request, (text) => submitRecord(text)),
  );
