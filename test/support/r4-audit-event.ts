import { isObject, type Json, type JsonObject } from '../../src/domain/fhir/json.ts';

type Shape = Readonly<Record<string, Element>>;
type Element = readonly [kind: Kind, cardinality: '0..1' | '1..1' | '0..*' | '1..*'];
type Kind = Shape | Primitive;
type Primitive = 'string' | 'uri' | 'code' | 'id' | 'instant' | 'boolean' | 'base64';

const CODING: Shape = {
  system: ['uri', '0..1'],
  code: ['code', '0..1'],
  display: ['string', '0..1'],
};
const CONCEPT: Shape = { coding: [CODING, '0..*'], text: ['string', '0..1'] };
const REFERENCE: Shape = {
  reference: ['string', '0..1'],
  type: ['uri', '0..1'],
  identifier: [{ system: ['uri', '0..1'], value: ['string', '0..1'] }, '0..1'],
  display: ['string', '0..1'],
};

/** http://hl7.org/fhir/R4/auditevent.html, as far as this server writes it. */
const AUDIT_EVENT: Shape = {
  resourceType: ['code', '1..1'],
  id: ['id', '1..1'],
  meta: [{ versionId: ['id', '0..1'], lastUpdated: ['instant', '0..1'] }, '0..1'],
  type: [CODING, '1..1'],
  subtype: [CODING, '0..*'],
  action: ['code', '0..1'],
  recorded: ['instant', '1..1'],
  outcome: ['code', '0..1'],
  outcomeDesc: ['string', '0..1'],
  purposeOfEvent: [CONCEPT, '0..*'],
  agent: [
    {
      type: [CONCEPT, '0..1'],
      role: [CONCEPT, '0..*'],
      who: [REFERENCE, '0..1'],
      name: ['string', '0..1'],
      requestor: ['boolean', '1..1'],
      policy: ['uri', '0..*'],
      network: [{ address: ['string', '0..1'], type: ['code', '0..1'] }, '0..1'],
      purposeOfUse: [CONCEPT, '0..*'],
    },
    '1..*',
  ],
  source: [
    { site: ['string', '0..1'], observer: [REFERENCE, '1..1'], type: [CODING, '0..*'] },
    '1..1',
  ],
  entity: [
    {
      what: [REFERENCE, '0..1'],
      type: [CODING, '0..1'],
      role: [CODING, '0..1'],
      name: ['string', '0..1'],
      description: ['string', '0..1'],
      query: ['base64', '0..1'],
      detail: [
        {
          type: ['string', '1..1'],
          valueString: ['string', '0..1'],
          valueBase64Binary: ['base64', '0..1'],
        },
        '0..*',
      ],
    },
    '0..*',
  ],
};

const PATTERNS: Readonly<Record<Exclude<Primitive, 'boolean'>, RegExp>> = {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: FHIR strings must not hold them.
  string: /^(?=[\s\S]*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f]+$/u,
  uri: /^\S+$/u,
  code: /^[^\s]+(\s[^\s]+)*$/u,
  id: /^[A-Za-z0-9.-]{1,64}$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

/** All that is wrong in base R4 with an AuditEvent as it would be sent; empty when it is valid. */
export function r4Faults(sent: JsonObject): readonly string[] {
  // As text and back: what is undefined is not sent.
  const event = JSON.parse(JSON.stringify(sent)) as JsonObject;
  const entities = (event.entity ?? []) as readonly JsonObject[];
  return [
    ...objectFaults('AuditEvent', event, AUDIT_EVENT),
    ...entities.flatMap((entity, at) => entityFaults(`AuditEvent.entity[${at}]`, entity)),
  ];
}

function entityFaults(path: string, entity: JsonObject): readonly string[] {
  const details = (entity.detail ?? []) as readonly JsonObject[];
  return [
    ...('name' in entity && 'query' in entity ? [`${path}: sev-1`] : []),
    ...details
      .filter((detail) => 'valueString' in detail === 'valueBase64Binary' in detail)
      .map(() => `${path}.detail: one value`),
  ];
}

function objectFaults(path: string, object: JsonObject, shape: Shape): readonly string[] {
  const names = Object.keys(object);
  return [
    ...(names.length === 0 ? [`${path}: empty`] : []),
    ...names
      .filter((name) => !Object.hasOwn(shape, name))
      .map((name) => `${path}.${name}: unknown`),
    ...Object.entries(shape).flatMap(([name, element]) =>
      elementFaults(`${path}.${name}`, object[name], element),
    ),
  ];
}

function elementFaults(
  path: string,
  value: Json | undefined,
  [kind, cardinality]: Element,
): readonly string[] {
  if (value === undefined) return cardinality.startsWith('1') ? [`${path}: missing`] : [];
  if (!cardinality.endsWith('*')) return valueFaults(path, value, kind);
  if (!Array.isArray(value) || value.length === 0) return [`${path}: no list, or an empty one`];
  return value.flatMap((each, at) => valueFaults(`${path}[${at}]`, each, kind));
}

function valueFaults(path: string, value: Json, kind: Kind): readonly string[] {
  if (typeof kind !== 'string') {
    return isObject(value) ? objectFaults(path, value, kind) : [`${path}: no object`];
  }
  if (kind === 'boolean') return typeof value === 'boolean' ? [] : [`${path}: no boolean`];
  return typeof value === 'string' && PATTERNS[kind].test(value) ? [] : [`${path}: no ${kind}`];
}
