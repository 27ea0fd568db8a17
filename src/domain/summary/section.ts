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
  /** The element that says what an entry is called: the first cell of its row in the narrative. */
  readonly named: 'code' | 'vaccineCode' | 'medicationCodeableConcept';
  /** The other cells of the row. */
  cells(resource: JsonObject): readonly string[];
  /** For mandatory sections: the code that says nothing is known here. */
  readonly absent: Absent | null;
}

/** A code that says that nothing is known. */
export interface Absent {
  readonly code: string;
  readonly display: string;
}

const OBSERVATIONS = {
  type: 'Observation',
  headings: ['Observation', 'Value', 'Date'],
  named: 'code',
  cells: (resource) => [
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
    named: 'medicationCodeableConcept',
    cells: (resource) => [
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
    named: 'code',
    cells: (resource) => [
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
    named: 'code',
    cells: (resource) => [
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
    named: 'vaccineCode',
    cells: (resource) => [
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
    named: 'code',
    cells: (resource) => [
      textAt(resource, 'status') ?? '',
      dateText(resource, 'performedDateTime', 'performedPeriod'),
    ],
    absent: null,
  },
  { ...OBSERVATIONS, title: 'Vital Signs', code: '8716-3', category: 'vital-signs' },
  { ...OBSERVATIONS, title: 'Social History', code: '29762-2', category: 'social-history' },
  { ...OBSERVATIONS, title: 'Results', code: '30954-2' },
];

/** The section that a resource is listed in; null for what has none. */
export function sectionFor(resource: JsonObject): Section | null {
  const own = SECTIONS.filter(({ type }) => type === resource.resourceType);
  if (own.length < 2) return own[0] ?? null;
  const codes = objectsAt(resource, 'category')
    .flatMap((concept) => objectsAt(concept, 'coding'))
    .map((coding) => textAt(coding, 'code'));
  const named = own.find(({ category }) => category !== undefined && codes.includes(category));
  return named ?? own.find(({ category }) => category === undefined) ?? null;
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
