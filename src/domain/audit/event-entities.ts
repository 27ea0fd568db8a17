import type { Claim } from '../access/claim.ts';
import type { JsonObject } from '../fhir/json.ts';
import { isRecordType } from '../fhir/resource-types.ts';
import type { RuleCount } from '../problem.ts';
import { asBase64, asString } from './clean-text.ts';
import type { ShownEntry } from './entry.ts';
import { isSearch } from './interaction-codes.ts';
import { type Resolution, resolutionName } from './resolution.ts';
import {
  type Coding,
  DOMAIN_RESOURCE,
  OTHER,
  PATIENT_ROLE,
  PERSON,
  QUERY,
  REQUEST_ID,
  RESOURCE_TYPE,
  RULE,
  SECURITY_RESOURCE,
  SYSTEM_OBJECT,
} from './vocabulary.ts';

/**
 * What it was about: the patient, the resources by version, the query, the rules that decided, the
 * claim, the alert resolved, and the request. `name` is what the search parameter `entity-name`
 * finds.
 */
export function entitiesOf(entry: ShownEntry): readonly JsonObject[] {
  return [
    ...patientOf(entry.patient),
    ...resourcesOf(entry),
    ...(isSearch(entry.interaction) ? queryOf(entry.query) : []),
    ...(entry.rules.length === 0 ? [] : [rulesOf(entry.rules)]),
    ...(entry.claim === null ? [] : [claimOf(entry.claim)]),
    ...(entry.resolution === undefined ? [] : [resolutionOf(entry.resolution)]),
    requestOf(entry),
  ];
}

/** A refused request may have asked for what is no id; then the request target alone holds it. */
function patientOf(id: string | null): readonly JsonObject[] {
  if (id === null || !/^[A-Za-z0-9.-]{1,64}$/.test(id)) return [];
  return [{ what: { reference: `Patient/${id}` }, type: PERSON, role: PATIENT_ROLE }];
}

/** The resources disclosed or changed; of a type that only was asked for, its name alone. */
function resourcesOf(entry: ShownEntry): readonly JsonObject[] {
  const listed = entry.entities.map((reference) => ({
    reference,
    name: reference.slice(0, Math.max(0, reference.indexOf('/'))),
  }));
  const named = new Set(listed.map(({ name }) => name));
  const search = isSearch(entry.interaction);
  const namedAlert = entry.resolution && resolutionName(entry.resolution.alert);
  return [
    ...listed.map(({ reference, name }) => ({
      what: { reference },
      // BALP leaves a query's event one System Object, the query; there the type says more anyway.
      type: search ? typeNamed(name) : SYSTEM_OBJECT,
      role: DOMAIN_RESOURCE,
      name: asString(name),
    })),
    ...entry.entityNames
      .filter((name) => !named.has(name) && asString(name) !== undefined)
      .filter((name) => name !== namedAlert)
      .map((name) => ({ type: typeNamed(name), role: DOMAIN_RESOURCE, name: asString(name) })),
  ];
}

function typeNamed(name: string): Coding {
  const isType = isRecordType(name) || name === 'AuditEvent';
  return isType ? { system: RESOURCE_TYPE, code: name } : OTHER;
}

/** The request target, byte for byte; `sev-1`: an entity has a name or a query, never both. */
function queryOf(target: string | null): readonly JsonObject[] {
  const query = asBase64(target);
  return query === undefined ? [] : [{ type: SYSTEM_OBJECT, role: QUERY, query }];
}

/** Each rule that decided, with how many entries it withheld. */
function rulesOf(rules: readonly RuleCount[]): JsonObject {
  return {
    type: OTHER,
    role: SECURITY_RESOURCE,
    description: 'The rules that decided, and how many entries each withheld',
    detail: rules.map(({ rule, withheld }) => ({
      type: `${RULE}${rule}`,
      valueString: String(withheld),
    })),
  };
}

function claimOf(claim: Claim): JsonObject {
  const note = asString(claim.note);
  return {
    type: OTHER,
    role: SECURITY_RESOURCE,
    description: 'A self-claimed relationship',
    detail: [
      { type: 'claim-reason', valueString: claim.reason },
      { type: 'claim-expires', valueString: claim.expiresAt },
      ...(note === undefined ? [] : [{ type: 'claim-note', valueString: note }]),
    ],
  };
}

function resolutionOf({ alert, action, reason }: Resolution): JsonObject {
  return {
    what: { reference: `AuditEvent/${alert}` },
    type: { system: RESOURCE_TYPE, code: 'AuditEvent' },
    role: SECURITY_RESOURCE,
    name: resolutionName(alert),
    description: 'The alert that a privacy officer closed or escalated',
    detail: [
      { type: 'alert-action', valueString: action },
      { type: 'alert-reason', valueString: asString(reason) ?? 'not given' },
    ],
  };
}

/** X-Request-ID; and the request target where BALP knows no query for it, as base64. */
function requestOf(entry: ShownEntry): JsonObject {
  const value = asString(entry.requestId);
  const target = isSearch(entry.interaction) ? undefined : asBase64(entry.query);
  return {
    what: value === undefined ? undefined : { identifier: { value } },
    type: REQUEST_ID,
    detail:
      target === undefined ? undefined : [{ type: 'request-target', valueBase64Binary: target }],
  };
}
