import { GONE, type Mutant } from './mutant.ts';

const X = [{ url: 'https://example.org/x', valueString: 'x' }];

/** Broken examples but those of the core types and the patient, by the name of the example. */
export const OTHERS: Readonly<Record<string, readonly Mutant[]>> = {
  'Condition-condition': [
    ['subject', GONE, 'required'],
    ['subject', { reference: 'Group/1' }, 'reference-target', 'subject'],
    ['code', GONE, 'required'],
    ['abatementDateTime', '2020', 'con-4', ''],
    ['verificationStatus.coding.0.code', 'entered-in-error', 'con-5', ''],
    ['stage', [{ type: { text: 'x' } }], 'con-1', 'stage[0]'],
    ['evidence', [{ extension: X }], 'con-2', 'evidence[0]'],
    ['onsetRange', { low: { value: 2 }, high: { value: 1 } }, 'rng-2', 'onset'],
  ],
  'Observation-observation': [
    ['code', GONE, 'required'],
    ['subject', GONE, 'required'],
    ['status', 'done', 'binding'],
    ['component.0.code', GONE, 'required'],
    ['component.0.valueQuantity.value', 'high', 'wrong-shape', 'component[0].value.value'],
    ['referenceRange', [{ age: { low: { value: 1 } } }], 'obs-3', 'referenceRange[0]'],
    ['valueRatio', { numerator: { value: 1 } }, 'rat-1', 'value'],
  ],
  'Immunization-immunization': [
    ['occurrenceDateTime', GONE, 'required', 'occurrence'],
    ['vaccineCode', GONE, 'required'],
    ['doseQuantity.comparator', '<', 'unknown-element'],
    ['education', [{ publicationDate: '2020' }], 'imm-1', 'education[0]'],
  ],
  'Procedure-procedure': [
    ['code', GONE, 'required'],
    ['status', 'finished', 'binding'],
    ['performer', [{ function: { text: 'x' } }], 'required', 'performer[0].actor'],
  ],
  'Organization-organization': [
    ['telecom', [{ system: 'phone', value: '1', use: 'home' }], 'org-3', 'telecom[0]'],
    ['address', [{ city: 'Leeds', use: 'home' }], 'org-2', 'address[0]'],
  ],
  'Consent-consent-scr-dissent': [
    ['scope', GONE, 'required'],
    ['patient', GONE, 'required'],
    ['dateTime', GONE, 'required'],
    ['policy', GONE, 'ppc-1', ''],
    ['policy.0.uri', GONE, 'required'],
    ['provision.type', 'maybe', 'binding'],
    [
      'provision.actor',
      [{ role: { text: 'x' }, reference: { reference: 'Patient/1' } }],
      'cardinality',
    ],
    ['provision.provision', [{ type: 'permit' }], 'cardinality'],
    ['organization', [{ display: 'a' }, { display: 'b' }], 'cardinality'],
    ['status', 'stopped', 'binding'],
  ],
  'Bundle-submission': [
    ['type', 'transaction', 'fixed'],
    ['total', 9, 'bdl-1', ''],
    ['entry.0.search', { mode: 'match' }, 'bdl-2', ''],
    ['entry.0.request', { method: 'GET', url: 'Patient' }, 'bdl-3', ''],
    ['entry.0.response', { status: '200' }, 'bdl-4', ''],
    ['entry.0.resource', GONE, 'bdl-5', 'entry[0]'],
    ['entry.1.fullUrl', 'https://practice.example/fhir/Patient/patient', 'bdl-7', ''],
    ['entry.1.fullUrl', 'https://practice.example/fhir/Patient/1/_history/2', 'bdl-8', 'entry[1]'],
    [
      'entry.1.fullUrl',
      'https://practice.example/fhir/MedicationStatement/other',
      'bundle-full-url',
    ],
    ['entry.1.fullUrl', 'MedicationStatement/medication-statement', 'bundle-full-url'],
    [
      'entry.1.resource.subject.reference',
      'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0',
      'reference-in-bundle',
    ],
    ['entry.1.resource.subject.reference', 'Practitioner/practitioner', 'reference-target'],
    ['entry.1.resource.status', 'taking', 'binding'],
    ['entry.0.resource.identifier.0.value', '9990000019', 'nhs-number'],
    ['entry.8.resource', { resourceType: 'Patient', id: 'organization' }, 'cardinality', 'entry'],
    [
      'entry.8.resource',
      { resourceType: 'Device', id: 'organization' },
      'resource-type',
      'entry[8].resource.resourceType',
    ],
    ['entry.8', { resource: 'Organization/1' }, 'wrong-shape', 'entry[8].resource'],
    [
      'link',
      [
        { relation: 'self', url: 'https://a' },
        { relation: 'self', url: 'https://b' },
      ],
      'bundle-link',
    ],
  ],
  'Composition-composition': [
    ['title', GONE, 'required'],
    ['section.0.text', GONE, 'required'],
    ['section.1.code.coding.0.code', '1-1', 'required', 'section'],
    ['section.1.emptyReason', { text: 'x' }, 'cmp-2', 'section[1]'],
    ['type.coding.0.code', '1-1', 'pattern', 'type'],
    ['confidentiality', 'X', 'binding'],
  ],
};
