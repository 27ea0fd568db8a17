import { listEverything } from '../../interactions/list-everything.ts';
import { perform } from '../../interactions/perform.ts';
import { searchPatients } from '../../interactions/search-patients.ts';
import { summariseByIdentifier, summarisePatient } from '../../interactions/summarise-record.ts';
import { withParameters } from '../fhir-body.ts';
import type { Handler } from '../route.ts';
import { idOf, searching } from './record.ts';

/** Traces a patient by NHS number or id. */
export const searchPatient: Handler = searching((parameters, options) =>
  searchPatients(parameters, options),
);

/** All that may be disclosed of one patient's record. */
export const everything: Handler = (context, call, request) =>
  perform(
    context,
    call,
    withParameters(request, (parameters) => listEverything(idOf(request), parameters)),
  );

/** A summary document of what may be disclosed of one patient's record. */
export const summary: Handler = (context, call, request) =>
  perform(context, call, summarisePatient(idOf(request)));

/** The same, by NHS number. */
export const summaryByIdentifier: Handler = (context, call, request) =>
  perform(context, call, withParameters(request, summariseByIdentifier));
