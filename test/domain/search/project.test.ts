import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import {
  isElementName,
  SUBSETTED,
  summarised,
  withElements,
} from '../../../src/domain/search/project.ts';
import { shown } from '../../../src/domain/search/run-search.ts';
import { understood } from './searching.ts';

const STATEMENT: JsonObject = {
  resourceType: 'MedicationStatement',
  id: 's',
  meta: { versionId: '1', tag: [{ code: 'a' }] },
  text: { status: 'generated', div: '<div/>' },
  extension: [{ url: 'urn:e' }],
  status: 'active',
  _status: { id: 'x' },
  medicationCodeableConcept: { text: 'Aspirin' },
  subject: { reference: 'Patient/p' },
  effectivePeriod: { start: '2020' },
  note: [{ text: 'n' }],
};

const meta = { versionId: '1', tag: [{ code: 'a' }, SUBSETTED] };

describe('_summary', () => {
  test('true keeps what R4 marks as summary, and says so', () => {
    const { text, extension, note, ...rest } = STATEMENT;
    expect([text, extension, note]).not.toContain(undefined);
    expect(summarised(STATEMENT, 'true')).toEqual({ ...rest, meta });
  });

  test('true keeps parts of elements where R4 marks parts alone', () => {
    const observation: JsonObject = {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { text: 'Blood pressure' },
      component: [
        { code: { text: 'Systolic' }, valueQuantity: { value: 120 }, interpretation: [{}] },
        { code: { text: 'Diastolic' }, referenceRange: [{}] },
      ],
    };
    expect(summarised(observation, 'true')).toEqual({
      ...observation,
      meta: { tag: [SUBSETTED] },
      component: [
        { code: { text: 'Systolic' }, valueQuantity: { value: 120 } },
        { code: { text: 'Diastolic' } },
      ],
    });
    const document: JsonObject = {
      resourceType: 'DocumentReference',
      id: 'd',
      status: 'current',
      content: [{ attachment: { contentType: 'text/plain', data: 'aGk=', title: 't' } }],
    };
    expect(summarised(document, 'true').content).toEqual([
      { attachment: { contentType: 'text/plain', title: 't' } },
    ]);
  });

  test('text keeps the narrative and what is mandatory', () => {
    expect(Object.keys(summarised(STATEMENT, 'text'))).toEqual([
      'resourceType',
      'id',
      'meta',
      'text',
      'status',
      '_status',
      'medicationCodeableConcept',
      'subject',
    ]);
  });

  test('data leaves the narrative out alone', () => {
    const { text, ...rest } = STATEMENT;
    expect(text).toBeDefined();
    expect(summarised(STATEMENT, 'data')).toEqual({ ...rest, meta });
  });

  test('false and count leave a resource as it is', () => {
    expect(summarised(STATEMENT, 'false')).toBe(STATEMENT);
    expect(summarised(STATEMENT, 'count')).toBe(STATEMENT);
  });

  test('of an allergy never leaves out that it was refuted, of a Consent never its policy', () => {
    const refuted = { clinicalStatus: { text: 'no' }, verificationStatus: { text: 'refuted' } };
    const allergy = { resourceType: 'AllergyIntolerance', id: 'a', code: { text: 'Nuts' } };
    const policy = [{ uri: 'urn:p' }];
    const consent = { resourceType: 'Consent', id: 'c', status: 'active', policy };
    for (const summary of ['true', 'text', 'data'] as const) {
      expect(summarised({ ...allergy, ...refuted }, summary)).toMatchObject(refuted);
      expect(summarised(consent, summary)).toMatchObject({ policy });
    }
    expect(withElements({ ...allergy, ...refuted }, ['code'])).toMatchObject(refuted);
    expect(withElements(consent, ['status'])).toMatchObject({ policy });
  });

  test('never leaves out what would change the meaning of the rest', () => {
    const modified: JsonObject = {
      ...STATEMENT,
      implicitRules: 'urn:r',
      modifierExtension: [{ url: 'urn:m' }],
    };
    for (const summary of ['true', 'text', 'data'] as const) {
      expect(summarised(modified, summary)).toMatchObject({
        implicitRules: 'urn:r',
        modifierExtension: [{ url: 'urn:m' }],
      });
    }
  });
});

describe('_elements', () => {
  test('keeps what is named and what is mandatory, and marks it once', () => {
    const kept = withElements(STATEMENT, ['effective']);
    expect(Object.keys(kept)).toEqual([
      'resourceType',
      'id',
      'meta',
      'status',
      '_status',
      'medicationCodeableConcept',
      'subject',
      'effectivePeriod',
    ]);
    expect(kept.meta).toEqual(meta);
    expect(withElements(kept, ['effectivePeriod'])).toEqual(kept);
    expect(withElements(STATEMENT, ['note']).note).toEqual(STATEMENT.note);
  });

  test('puts meta after the id of a resource that has none', () => {
    const bare: JsonObject = { resourceType: 'Patient', id: 'p', gender: 'male' };
    expect(Object.keys(withElements(bare, []))).toEqual(['resourceType', 'id', 'meta']);
  });

  test('takes the names of elements, choices with or without their type', () => {
    for (const name of ['status', 'medication', 'medication[x]', 'medicationReference', 'name']) {
      expect([name, isElementName(name)]).toEqual([name, true]);
    }
    for (const name of ['', 'statu', 'name.family', 'medicationreference', '_id']) {
      expect([name, isElementName(name)]).toEqual([name, false]);
    }
  });

  test('cuts matches, not what is included; a summary cuts both', () => {
    const byElements = understood('MedicationStatement?_elements=status');
    expect(shown(byElements, STATEMENT, 'match')).not.toHaveProperty('note');
    expect(shown(byElements, STATEMENT, 'include')).toBe(STATEMENT);
    const bySummary = understood('MedicationStatement?_summary=data');
    expect(shown(bySummary, STATEMENT, 'include')).not.toHaveProperty('text');
    expect(shown(understood('MedicationStatement?'), STATEMENT, 'match')).toBe(STATEMENT);
  });
});
