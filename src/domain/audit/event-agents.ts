import type { JsonObject } from '../fhir/json.ts';
import { ACT_REASON, ODS_CODE, ROLE } from '../fhir/systems.ts';
import { asCode, asString, asUri } from './clean-text.ts';
import type { AuditAction, AuditAgent, ShownEntry } from './entry.ts';
import {
  APPLICATION,
  AUTHOR,
  type Coding,
  CUSTODIAN,
  DESTINATION,
  NOTIFIED,
  PROVIDER,
  RECIPIENT,
  RULE,
  SOURCE,
} from './vocabulary.ts';

/** The parts that client, server and user play, by action (IHE BALP). */
const PARTS: Readonly<Record<AuditAction, Readonly<Record<'client' | 'server' | 'user', Coding>>>> =
  {
    // What is read flows from server to client; the parameters of a query flow the other way.
    R: { client: DESTINATION, server: SOURCE, user: RECIPIENT },
    E: { client: SOURCE, server: DESTINATION, user: RECIPIENT },
    C: { client: SOURCE, server: DESTINATION, user: AUTHOR },
    U: { client: SOURCE, server: DESTINATION, user: AUTHOR },
    D: { client: APPLICATION, server: CUSTODIAN, user: AUTHOR },
  };

/**
 * Who took part: client, server, and where the token was valid the user (its `iss` and `sub`, with
 * `jti` as policy) and the organisation they acted for; then the organisation that is alerted. The
 * rules that decided are the server's policies, `https://scr.example/fhir/rule/[rule id]`.
 */
export function agentsOf(entry: ShownEntry, baseUrl: string): readonly JsonObject[] {
  const parts = PARTS[entry.action];
  return [
    clientOf(entry.agent, parts.client),
    serverOf(entry, parts.server, baseUrl),
    ...(entry.agent === null ? [] : [userOf(entry.agent, parts.user), providerOf(entry.agent)]),
    ...(entry.alert === null ? [] : [alertedOf(entry.alert.organization)]),
  ];
}

function clientOf(agent: AuditAgent | null, part: Coding): JsonObject {
  const value = asString(agent?.client ?? null);
  return {
    type: { coding: [part] },
    who: value === undefined ? { display: 'client not named' } : { identifier: { value } },
    // Of an unauthenticated request nothing is known but that some client made it.
    requestor: agent === null,
  };
}

function serverOf(entry: ShownEntry, part: Coding, baseUrl: string): JsonObject {
  const rules = entry.rules.map(({ rule }) => `${RULE}${rule}`);
  return {
    type: { coding: [part] },
    who: { identifier: { system: 'urn:ietf:rfc:3986', value: baseUrl } },
    requestor: false,
    policy: rules.length === 0 ? undefined : rules,
    network: { address: baseUrl, type: '5' },
  };
}

function userOf(agent: AuditAgent, part: Coding): JsonObject {
  const name = asString(agent.name);
  const role = asCode(agent.role);
  const token = asUri(agent.tokenId);
  const purpose = asCode(agent.purpose);
  return {
    type: { coding: [part] },
    role: role === undefined ? undefined : [{ coding: [{ system: ROLE, code: role }] }],
    who: {
      identifier: { system: asUri(agent.issuer), value: asString(agent.subject) ?? 'not named' },
      display: name,
    },
    name,
    requestor: true,
    policy: token === undefined ? undefined : [token],
    purposeOfUse:
      purpose === undefined ? undefined : [{ coding: [{ system: ACT_REASON, code: purpose }] }],
  };
}

function providerOf(agent: AuditAgent): JsonObject {
  return {
    type: { coding: [PROVIDER] },
    who: { ...organization(agent.organization), display: asString(agent.organizationName) },
    requestor: false,
  };
}

/** The organisation whose privacy officer is to look at this. */
function alertedOf(code: string): JsonObject {
  return { type: { coding: [NOTIFIED] }, who: organization(code), requestor: false };
}

function organization(code: string): JsonObject {
  return { identifier: { system: ODS_CODE, value: asString(code) ?? 'not named' } };
}
