import { objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import { conceptText, dateText, textsAt } from './narrative.ts';

/** A section of an International Patient Summary (https://hl7.org/fhir/uv/ips/). */
export interface Section {
  readonly title: string;
  /** LOINC code of the section. */
  readonly code: string;
  readonly type: RecordType;
  /** Of observations: the category that has this section to itself; others are results. */
  readonly category?: string;
  readonly headings: readonly string[];
  /** What a row of the narrative says of one entry; `resolve` finds what it refers to. */
  row(resource: JsonObject, resolve: Resolve): readonly string[];
  /** For mandatory sections: the code that says nothing is known here. */
  readonly absent: { readonly code: string; readonly display: string } | null;
}

/** Finds the disclosed resource that a literal reference leads to, or null. */
export type Resolve = (reference: string) => JsonObject | null;

const OBSERVATIONS = {
  type: 'Observation',
  headings: ['Observation', 'Value', 'Date'],
  row: (resource) => [
    conceptText(objectAt(resource, 'code')),
    valueText(resource),
    dateText(resource, 'effectiveDateTime', 'effectivePeriod'),
  ],
  absent: null,
} as const satisfies Omit<Section, 'title' | 'code'>;

/** The sections, mandatory ones first; the others are left out when they are empty. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Medication Summary',
    code: '10160-0',
    type: 'MedicationStatement',
    headings: ['Medicine', 'Dosage', 'Status', 'Date'],
    row: (resource, resolve) => [
      medicineText(resource, resolve),
      textsAt(resource, 'dosage', 'text'),
      textAt(resource, 'status') ?? '',
      dateText(resource, 'effectiveDateTime', 'effectivePeriod', 'dateAsserted'),
    ],
    absent: { code: 'no-medication-info', display: 'No information about medications' },
  },
  {
    title: 'Allergies and Intolerances',
    code: '48765-2',
    type: 'AllergyIntolerance',
    headings: ['Substance or statement', 'Reaction', 'Criticality', 'Status', 'Date'],
    row: (resource) => [
      conceptText(objectAt(resource, 'code')),
      objectsAt(resource, 'reaction')
        .map((each) => textsOfConcepts(each, 'manifestation'))
        .join('; '),
      textAt(resource, 'criticality') ?? '',
      conceptText(objectAt(resource, 'clinicalStatus')),
      dateText(resource, 'onsetDateTime', 'onsetPeriod', 'recordedDate'),
    ],
    absent: { code: 'no-allergy-info', display: 'No information about allergies' },
  },
  {
    title: 'Problem List',
    code: '11450-4',
    type: 'Condition',
    headings: ['Problem', 'Status', 'Date'],
    row: (resource) => [
      conceptText(objectAt(resource, 'code')),
      conceptText(objectAt(resource, 'clinicalStatus')),
      dateText(resource, 'onsetDateTime', 'onsetPeriod', 'recordedDate'),
    ],
    absent: { code: 'no-problem-info', display: 'No information about problems' },
  },
  {
    title: 'Immunizations',
    code: '11369-6',
    type: 'Immunization',
    headings: ['Vaccine', 'Status', 'Date'],
    row: (resource) => [
      conceptText(objectAt(resource, 'vaccineCode')),
      textAt(resource, 'status') ?? '',
      dateText(resource, 'occurrenceDateTime'),
    ],
    absent: null,
  },
  {
    title: 'History of Procedures',
    code: '47519-4',
    type: 'Procedure',
    headings: ['Procedure', 'Status', 'Date'],
    row: (resource) => [
      conceptText(objectAt(resource, 'code')),
      textAt(resource, 'status') ?? '',
      dateText(resource, 'performedDateTime', 'performedPeriod'),
    ],
    absent: null,
  },
  { ...OBSERVATIONS, title: 'Vital Signs', code: '8716-3', category: 'vital-signs' },
  { ...OBSERVATIONS, title: 'Social History', code: '29762-2', category: 'social-history' },
  { ...OBSERVATIONS, title: 'Results', code: '30954-2' },
];

/** Whether a section is the one that a resource is listed in; each is listed in one at most. */
export function belongsIn({ type, category }: Section, resource: JsonObject): boolean {
  if (resource.resourceType !== type) return false;
  if (type !== 'Observation') return true;
  const codes = objectsAt(resource, 'category')
    .flatMap((concept) => objectsAt(concept, 'coding'))
    .map((coding) => textAt(coding, 'code'));
  const own = SECTIONS.find((each) => each.category !== undefined && codes.includes(each.category));
  return own?.category === category;
}

function medicineText(statement: JsonObject, resolve: Resolve): string {
  const own = conceptText(objectAt(statement, 'medicationCodeableConcept'));
  const reference = objectAt(statement, 'medicationReference');
  if (own !== '' || reference === null) return own;
  const medication = resolve(textAt(reference, 'reference') ?? '');
  const code = medication === null ? '' : conceptText(objectAt(medication, 'code'));
  return code === '' ? (textAt(reference, 'display') ?? '') : code;
}

function textsOfConcepts(of: JsonObject, name: string): string {
  return objectsAt(of, name).map(conceptText).join(', ');
}

function valueText(observation: JsonObject): string {
  const parts = objectsAt(observation, 'component').map((part) => {
    const value = valueText(part);
    return value === '' ? '' : `${conceptText(objectAt(part, 'code'))} ${value}`;
  });
  return [ownValueText(observation), ...parts].filter((text) => text !== '').join('; ');
}

function ownValueText(observation: JsonObject): string {
  const quantity = objectAt(observation, 'valueQuantity');
  if (quantity === null) {
    return (
      textAt(observation, 'valueString') ??
      conceptText(objectAt(observation, 'valueCodeableConcept'))
    );
  }
  // A number that JavaScript would write otherwise is written as it was sent.
  const value = JSON.stringify(quantity.value) ?? '';
  return `${value} ${textAt(quantity, 'unit') ?? ''}`.trim();
}
