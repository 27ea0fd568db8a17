import type { JsonObject } from '../fhir/json.ts';
import { ACT_REASON } from '../fhir/systems.ts';
import { asCode, asString } from './clean-text.ts';
import type { ShownEntry } from './entry.ts';
import { agentsOf } from './event-agents.ts';
import { entitiesOf } from './event-entities.ts';
import { isFhirInteraction, isSearch } from './interaction-codes.ts';
import {
  ALERT,
  APPLICATION_SERVER,
  AUTHENTICATION_EVENT,
  type Coding,
  LOGIN,
  OPERATION,
  REST_EVENT,
  RESTFUL,
} from './vocabulary.ts';

/** The server that did what is recorded, and recorded it. */
export interface AuditedServer {
  /** The FHIR base, without a slash at its end. */
  readonly baseUrl: string;
}

/**
 * Renders an entry of the audit log as an AuditEvent (http://hl7.org/fhir/R4/auditevent.html) on
 * the patterns of IHE BALP: whatever the entry says, the resource is valid R4. It claims no BALP
 * profile, because those want the client's network address, which the log does not hold. `words`
 * become its narrative.
 */
export function asAuditEvent(
  entry: ShownEntry,
  server: AuditedServer,
  words: string | null = null,
): JsonObject {
  const anonymous = entry.agent === null;
  return {
    resourceType: 'AuditEvent',
    id: entry.id,
    meta: { versionId: '1', lastUpdated: entry.recorded },
    text: words === null ? undefined : narrativeOf(words),
    type: anonymous ? AUTHENTICATION_EVENT : REST_EVENT,
    subtype: [...(anonymous ? [LOGIN] : interactionCodes(entry)), ...alertCodes(entry)],
    action: entry.action,
    recorded: entry.recorded,
    outcome: entry.outcome ?? undefined,
    outcomeDesc: asString(entry.outcomeDesc),
    purposeOfEvent: purposeOf(entry),
    agent: agentsOf(entry, server.baseUrl),
    source: {
      site: hostOf(server.baseUrl),
      observer: { display: hostOf(server.baseUrl) },
      type: [APPLICATION_SERVER],
    },
    entity: entitiesOf(entry),
  };
}

/** Plain text as XHTML; names in it come from tokens, so nothing of it is taken as markup. */
function narrativeOf(words: string): JsonObject {
  const text = words.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>` };
}

/** FHIR's code for the interaction; an operation is `operation` and its own name. */
function interactionCodes(entry: ShownEntry): readonly Coding[] {
  if (isSearch(entry.interaction)) {
    const code = entry.interaction === 'search' ? 'search-type' : entry.interaction;
    return [{ system: RESTFUL, code }];
  }
  if (isFhirInteraction(entry.interaction)) return [{ system: RESTFUL, code: entry.interaction }];
  const own = asCode(entry.interaction);
  const operation: Coding = { system: RESTFUL, code: 'operation' };
  return own === undefined ? [operation] : [operation, { system: OPERATION, code: own }];
}

function alertCodes(entry: ShownEntry): readonly Coding[] {
  return entry.alert === null ? [] : [{ system: ALERT, code: entry.alert.kind }];
}

function purposeOf(entry: ShownEntry): readonly JsonObject[] | undefined {
  const code = asCode(entry.agent?.purpose ?? null);
  return code === undefined ? undefined : [{ coding: [{ system: ACT_REASON, code }] }];
}

/** The host and port of the base URL: how the server is named in its own log. */
function hostOf(baseUrl: string): string {
  return baseUrl.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, '');
}
