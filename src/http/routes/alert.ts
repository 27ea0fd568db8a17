import { perform } from '../../interactions/perform.ts';
import { resolveAlert } from '../../interactions/resolve-alert.ts';
import { withResource } from '../fhir-body.ts';
import type { Handler } from '../route.ts';
import { idOf } from './record.ts';

/** Closes or escalates an alert. */
export const resolve: Handler = (context, call, request) =>
  perform(
    context,
    call,
    withResource(request, (body) => resolveAlert(idOf(request), body)),
  );
