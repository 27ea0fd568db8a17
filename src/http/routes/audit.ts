import { perform } from '../../interactions/perform.ts';
import { readAuditEvent } from '../../interactions/read-audit-event.ts';
import { searchAudit } from '../../interactions/search-audit.ts';
import type { Handler } from '../route.ts';
import { idOf, searching } from './record.ts';

/** Reads one entry of the audit log. */
export const readAudit: Handler = (context, call, request) =>
  perform(context, call, readAuditEvent(idOf(request)));

/** Searches the audit log. */
export const searchAuditLog: Handler = searching((parameters, options) =>
  searchAudit(parameters, options),
);
