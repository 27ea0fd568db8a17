import { perform } from '../../interactions/perform.ts';
import { readAuditEvent } from '../../interactions/read-audit-event.ts';
import { searchAudit } from '../../interactions/search-audit.ts';
import { withParameters } from '../fhir-body.ts';
import type { Handler } from '../route.ts';
import { idOf, searching } from './record.ts';

/** Reads one entry of the audit log. */
export const readAudit: Handler = (context, call, request) => {
  const read = (parameters: URLSearchParams) => readAuditEvent(idOf(request), parameters);
  return perform(context, call, withParameters(request, read));
};

/** Searches the audit log. */
export const searchAuditLog: Handler = searching((parameters, options) =>
  searchAudit(parameters, options),
);
