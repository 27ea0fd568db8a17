import { describe, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { check, refused } from './searching.ts';

describe('a composite parameter', () => {
  const concept = (code: string): JsonObject => ({
    coding: [{ system: 'http://loinc.org', code }],
  });
  const pressure: JsonObject = {
    code: concept('85354-9'),
    component: [
      { code: concept('8480-6'), valueQuantity: { value: 120, unit: 'mmHg' } },
      { code: concept('8462-4'), valueQuantity: { value: 60, unit: 'mmHg' } },
    ],
  };

  test('asks all of its parts of one and the same element', () => {
    check('Observation', [
      ['component-code-value-quantity=http://loinc.org|8480-6$gt100', pressure, true],
      ['component-code-value-quantity=http://loinc.org|8480-6$lt100', pressure, false],
      ['component-code-value-quantity=8462-4$gt100', pressure, false],
      ['component-code-value-quantity=8462-4$gt100,8480-6$120||mmHg', pressure, true],
      ['combo-code-value-quantity=8480-6$120', pressure, true],
      ['combo-code-value-quantity=85354-9$120', pressure, false],
      ['code-value-quantity=8480-6$120', pressure, false],
      ['code-value-quantity=1$gt2', { code: concept('1'), valueQuantity: { value: 3 } }, true],
      ['code-value-string=1$pos', { code: concept('1'), valueString: 'Positive' }, true],
      ['code-value-date=1$2013', { code: concept('1'), valueDateTime: '2013-05-06' }, true],
      ['code-value-concept=1$2', { code: concept('1'), valueCodeableConcept: concept('2') }, true],
    ]);
    const replaces: JsonObject = {
      relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/1' } }],
    };
    check('DocumentReference', [
      ['relationship=replaces$DocumentReference/1', replaces, true],
      ['relationship=replaces$1', replaces, true],
      ['relationship=appends$1', replaces, false],
    ]);
  });

  test('is refused with too few parts, with modifiers, and with parts that say nothing', () => {
    refused('Observation?code-value-quantity=1', 'does not have 2 parts');
    refused('Observation?code-value-quantity=1$2$3', 'does not have 2 parts');
    refused('Observation?code-value-quantity=1$', 'an empty part');
    refused('Observation?code-value-quantity=1$abc', 'prefix');
    refused('Observation?code-value-quantity:not=1$2', 'modifier');
    refused('Observation?code-value-quantity:missing=true', 'not for composites');
  });
});
