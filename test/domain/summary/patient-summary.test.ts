import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { outline } from '../../../src/domain/summary/outline.ts';
import { summarise } from '../../../src/domain/summary/patient-summary.ts';
import { summaryPart } from '../../../src/domain/summary/summary-part.ts';

const BASE_URL = 'https://scr.test/FHIR/R4';
const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
const DOCUMENT_URL =
  /^(https:\/\/scr\.test\/FHIR\/R4\/\w+\/\w+|urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

interface Written {
  readonly resourceType: string;
  readonly id: string;
  readonly section: Section[];
  readonly [element: string]: unknown;
}
interface Section {
  readonly title: string;
  readonly code: { readonly coding: JsonObject[] };
  readonly text: { readonly div: string };
  readonly entry: { readonly reference: string }[];
}

const PATIENT = { resourceType: 'Patient', id: 'p', name: [{ family: 'Thompson' }] };

describe('a summary of nothing', () => {
  const { composition, parts, absent } = summaryOf([]);

  it('has the mandatory sections of IPS, each with an entry that says nothing is known', () => {
    expect(composition.section.map(({ code }) => code.coding[0]?.code)).toEqual([
      '10160-0',
      '48765-2',
      '11450-4',
    ]);
    expect(absent.map(({ resource }) => resource.resourceType)).toEqual([
      'MedicationStatement',
      'AllergyIntolerance',
      'Condition',
    ]);
    expect(composition.section.flatMap(({ entry }) => entry.map((it) => it.reference))).toEqual(
      absent.map(({ fullUrl }) => fullUrl),
    );
  });

  it('says of the medicine that its date is unknown, since IPS asks for one', () => {
    const extension = {
      url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
      valueCode: 'unknown',
    };
    expect(absent[0]?.resource).toMatchObject({ _effectiveDateTime: { extension: [extension] } });
  });

  it('holds the patient, and knows by a UUID what has no address', () => {
    expect(idsOf(parts)).toEqual(['p']);
    const urls = [...parts, ...absent].map(({ fullUrl }) => fullUrl);
    for (const url of urls) expect(url).toMatch(DOCUMENT_URL);
    for (const { fullUrl, resource } of absent) expect(fullUrl).toBe(`urn:uuid:${resource.id}`);
    expect(new Set(urls).size).toBe(4);
  });
});

it('leaves out what its Composition does not lead to', () => {
  const { parts } = summaryOf([
    PATIENT,
    {
      resourceType: 'Condition',
      id: 'c',
      recorder: { reference: 'Practitioner/a/_history/1' },
      evidence: [{ detail: [{ reference: `${BASE_URL}/Observation/o` }] }],
    },
    { resourceType: 'Practitioner', id: 'a' },
    { resourceType: 'PractitionerRole', id: 'r', practitioner: { reference: 'Practitioner/a' } },
    { resourceType: 'Organization', id: 'x' },
    { resourceType: 'Observation', id: 'o', performer: [{ reference: 'Organization/x' }] },
  ]);
  expect(idsOf(parts)).toEqual(['p', 'c', 'a', 'x', 'o']);
});

describe('observations', () => {
  const { composition } = summaryOf([
    PATIENT,
    observation('pressure', 'vital-signs', {
      component: [
        { code: { text: 'Systolic' }, valueQuantity: { value: 142, unit: 'mmHg' } },
        { code: { text: 'Diastolic' }, valueQuantity: { value: 84, unit: 'mmHg' } },
      ],
    }),
    observation('smoker', 'social-history', { valueString: 'yes' }),
    observation('hba1c', 'laboratory', { valueQuantity: { value: 53, unit: 'mmol/mol' } }),
    observation('bare', null, {}),
  ]);
  const others = composition.section.slice(3);

  it('are listed once each, by category', () => {
    expect(others.map(({ title, entry }) => [title, ...entry.map((it) => it.reference)])).toEqual([
      ['Vital Signs', `${BASE_URL}/Observation/pressure`],
      ['Social History', `${BASE_URL}/Observation/smoker`],
      ['Results', `${BASE_URL}/Observation/hba1c`, `${BASE_URL}/Observation/bare`],
    ]);
  });

  it('are told in words with the values of their components', () => {
    expect(others[0]?.text.div).toContain('<td>Systolic 142 mmHg; Diastolic 84 mmHg</td>');
    expect(others[2]?.text.div).toContain('<td>53 mmol/mol</td>');
  });
});

describe('medicines', () => {
  const statement = (id: string, more: JsonObject): JsonObject => ({
    resourceType: 'MedicationStatement',
    id,
    ...more,
  });
  const referring = (display: string) => ({
    medicationReference: { reference: 'Medication/m', display },
  });
  const MEDICATION = { resourceType: 'Medication', id: 'm', code: { text: 'Its own name' } };

  it('are called what they say, or what the disclosed medication is called', () => {
    const { composition } = summaryOf([
      PATIENT,
      statement('1', { medicationCodeableConcept: { text: 'Stated' } }),
      statement('2', referring('As displayed')),
      MEDICATION,
    ]);
    const [medicines] = composition.section;
    expect(medicines?.text.div).toMatch(/<td>Stated<.*<td>Its own name</);
    expect(medicines?.text.div).not.toContain('As displayed');
  });

  it('are called as displayed when the medication is not among what was disclosed', () => {
    const { composition } = summaryOf([PATIENT, statement('2', referring('As displayed'))]);
    expect(composition.section[0]?.text.div).toContain('<td>As displayed</td>');
  });
});

function observation(id: string, category: string | null, more: JsonObject): JsonObject {
  const coding = [{ system: OBSERVATION_CATEGORY, code: category ?? '' }];
  const categories = category === null ? {} : { category: [{ coding }] };
  return { resourceType: 'Observation', id, ...categories, code: { text: id }, ...more };
}

function summaryOf(resources: readonly JsonObject[]) {
  const parts = (resources.length === 0 ? [PATIENT] : resources).map((resource) => {
    const fullUrl = `${BASE_URL}/${resource.resourceType}/${resource.id}`;
    return summaryPart({ fullUrl, resource }, BASE_URL);
  });
  const at = '2026-03-31T12:00:00.000Z';
  const patient = `${BASE_URL}/Patient/p`;
  const made = outline(patient, parts);
  const asked: string[] = [];
  const source = { patient, practice: 'A81001', at };
  const { composition, absent } = summarise(made, source, (part) => uuid(asked.push(part)));
  const written = JSON.parse(Buffer.concat(composition.text).toString()) as Written;
  return { parts: made.parts, absent, composition: written };
}

function idsOf(parts: readonly { readonly fullUrl: string }[]): readonly (string | undefined)[] {
  return parts.map(({ fullUrl }) => fullUrl.split('/').at(-1));
}

function uuid(n: number): string {
  return `00000000-0000-8000-8000-${String(n).padStart(12, '0')}`;
}
