import type { Json } from '../../../src/domain/fhir/json.ts';

const UCUM = 'http://unitsofmeasure.org';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';
const concept = (system: string, code: string): Json => ({ coding: [{ system, code }] });
const TEXT: Json = { text: 'text' };
const REFERENCE: Json = { reference: 'Basic/1' };
const EXTENSION: Json = [{ url: 'https://example.org/x', valueString: 'x' }];
const QUANTITY = {
  value: [1, 0, -1],
  comparator: ['<'],
  unit: ['unit'],
  system: [UCUM, 'https://example.org/units'],
  code: ['1', 'a'],
};

/** The paths whose values are whole resources. */
export const RESOURCES: readonly string[] = [
  'AllergyIntolerance',
  'Condition',
  'Observation',
  'Organization',
  'Consent',
  'Bundle',
];

/** Values for the elements that rules look at, by the path of the rules. */
export const POOLS: Readonly<Record<string, Readonly<Record<string, readonly Json[]>>>> = {
  AllergyIntolerance: {
    clinicalStatus: [concept(`${TERMINOLOGY}allergyintolerance-clinical`, 'active')],
    verificationStatus: [
      concept(`${TERMINOLOGY}allergyintolerance-verification`, 'entered-in-error'),
      concept(`${TERMINOLOGY}allergyintolerance-verification`, 'confirmed'),
      concept('https://example.org/other', 'entered-in-error'),
      TEXT,
    ],
  },
  Condition: {
    clinicalStatus: [
      concept(`${TERMINOLOGY}condition-clinical`, 'active'),
      concept(`${TERMINOLOGY}condition-clinical`, 'resolved'),
      concept(`${TERMINOLOGY}condition-clinical`, 'inactive'),
      concept('https://example.org/other', 'resolved'),
    ],
    verificationStatus: [
      concept(`${TERMINOLOGY}condition-ver-status`, 'entered-in-error'),
      concept(`${TERMINOLOGY}condition-ver-status`, 'confirmed'),
    ],
    abatementDateTime: ['2020'],
    abatementString: ['last year'],
  },
  'Condition.stage': { summary: [TEXT], assessment: [[REFERENCE]], type: [TEXT] },
  'Condition.evidence': { code: [[TEXT]], detail: [[REFERENCE]], extension: [EXTENSION] },
  'Immunization.education': {
    documentType: ['type'],
    reference: ['https://example.org/leaflet'],
    publicationDate: ['2020'],
  },
  Observation: {
    code: [
      concept('https://example.org', 'a'),
      { coding: [{ code: 'a', system: 'https://example.org' }, { code: 'b' }] },
      TEXT,
    ],
    valueString: ['x'],
    valueBoolean: [false],
    dataAbsentReason: [TEXT],
    component: [
      [{ code: concept('https://example.org', 'a') }],
      [{ code: concept('https://example.org', 'b') }, { code: { coding: [{ code: 'b' }] } }],
    ],
  },
  'Observation.referenceRange': {
    low: [{ value: 1 }],
    high: [{ value: 2 }],
    text: ['normal'],
    type: [TEXT],
  },
  'Patient.contact': {
    name: [{ family: 'x' }],
    telecom: [[{ value: 'x', system: 'phone' }]],
    address: [{ city: 'x' }],
    organization: [REFERENCE],
    gender: ['male'],
  },
  Organization: { identifier: [[{ value: 'x' }]], name: ['x'], active: [true] },
  'Organization.address': { use: ['home', 'work'], city: ['x'] },
  'Organization.telecom': { use: ['home', 'work'], value: ['x'] },
  'AuditEvent.entity': { name: ['x'], query: ['eA=='], description: ['x'] },
  Consent: {
    policy: [[{ uri: 'https://example.org' }]],
    policyRule: [TEXT],
    patient: [REFERENCE],
    scope: [
      concept('something', 'patient-privacy'),
      concept('something', 'research'),
      concept('something', 'adr'),
      concept('something', 'treatment'),
      concept(`${TERMINOLOGY}consentscope`, 'research'),
    ],
  },
  Bundle: {
    type: ['document', 'message', 'searchset', 'history', 'batch', 'batch-response', 'collection'],
    total: [1],
    timestamp: ['2020-01-01T00:00:00Z'],
    identifier: [{ value: 'x' }, { system: 'https://example.org', value: 'x' }],
    entry: [
      [{ resource: { resourceType: 'Composition' }, fullUrl: 'urn:uuid:1' }],
      [{ resource: { resourceType: 'Patient' }, search: { mode: 'match' } }],
      [{ request: { method: 'GET', url: 'Patient' } }],
      [{ response: { status: '200' } }, { resource: { resourceType: 'Patient' } }],
      [
        { fullUrl: 'urn:uuid:1', resource: { resourceType: 'MessageHeader' } },
        { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient' } },
      ],
      [
        { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', meta: { versionId: '1' } } },
        { fullUrl: 'urn:uuid:1', resource: { resourceType: 'Patient', meta: { versionId: '2' } } },
      ],
    ],
  },
  'Bundle.entry': {
    fullUrl: ['https://example.org/Patient/1', 'https://example.org/Patient/1/_history/2'],
    resource: [{ resourceType: 'Patient' }],
    request: [{ method: 'GET', url: 'Patient' }],
    response: [{ status: '200' }],
  },
  'Parameters.parameter': {
    valueString: ['x'],
    resource: [{ resourceType: 'Patient' }],
    part: [[{ name: 'a', valueString: 'x' }]],
    name: ['x'],
  },
  'Composition.section': {
    title: ['x'],
    text: [{ status: 'empty' }],
    entry: [[REFERENCE]],
    section: [[{ title: 'x' }]],
    emptyReason: [TEXT],
  },
  Extension: {
    url: ['https://example.org'],
    valueString: ['x'],
    valueBoolean: [false],
    extension: [EXTENSION],
  },
  'DataRequirement.codeFilter': { path: ['x'], searchParam: ['x'], valueSet: ['x'] },
  'DataRequirement.dateFilter': { path: ['x'], searchParam: ['x'], valueDateTime: ['2020'] },
  Expression: { expression: ['x'], reference: ['x'], language: ['text/cql'] },
  TriggerDefinition: {
    type: ['named-event', 'periodic', 'data-added', 'data-accessed'],
    name: ['x'],
    timingDate: ['2020'],
    data: [[{ type: 'Patient' }]],
    condition: [{ expression: 'x', language: 'text/cql' }],
  },
  ContactPoint: { system: ['phone'], value: ['x'], use: ['home'] },
  Attachment: { contentType: ['text/plain'], data: ['eA=='], url: ['https://example.org'] },
  Period: {
    start: ['2020', '2020-05', '2020-05-01', '2020-05-01T10:00:00Z', '2020-05-01T10:00:00+01:00'],
    end: ['2019', '2020-04', '2020-05-01', '2020-05-01T09:30:00Z', '2020-05-01T10:00:00.5+01:00'],
  },
  'Timing.repeat': {
    duration: [1, -1],
    durationMax: [2],
    durationUnit: ['h'],
    period: [0, -1],
    periodMax: [2],
    periodUnit: ['d'],
    count: [1],
    countMax: [2],
    offset: [5],
    when: [['C'], ['MORN'], ['MORN', 'CV']],
    timeOfDay: [['10:00:00']],
  },
  Quantity: QUANTITY,
  SimpleQuantity: QUANTITY,
  Age: QUANTITY,
  Duration: QUANTITY,
  Distance: QUANTITY,
  Count: { ...QUANTITY, value: [1, 1.5] },
  Range: {
    // FHIRPath compares quantities by UCUM alone; without its codes the engine has no right answer.
    low: [1, 2, 3].map((value) => ({ value, system: UCUM, code: 'm' })),
    high: [2, 2.5].map((value) => ({ value, system: UCUM, code: 'm' })),
  },
  Ratio: {
    numerator: [{ value: 1 }],
    denominator: [{ value: 2 }],
    extension: [EXTENSION],
    id: ['x'],
  },
};
