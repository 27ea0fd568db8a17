import { describe, test } from 'vitest';
import { type JsonObject, parseJson } from '../../../src/domain/fhir/json.ts';
import { check, refused } from './searching.ts';

describe('a quantity parameter', () => {
  const UCUM = 'http://unitsofmeasure.org';
  const of = (value: number, more: JsonObject = {}): JsonObject => ({
    valueQuantity: { value, unit: 'milligram', system: UCUM, code: 'mg', ...more },
  });

  test('finds what its digits imply, as R4’s own examples do', () => {
    const q = 'value-quantity';
    check('Observation', [
      [`${q}=5.4`, of(5.4), true],
      [`${q}=5.4`, of(5.35), true],
      [`${q}=5.4`, of(5.449), true],
      [`${q}=5.4`, of(5.45), false],
      [`${q}=5.4`, of(5.34), false],
      [`${q}=100`, of(99.5), true],
      [`${q}=100`, of(100.5), false],
      [`${q}=100.00`, of(100.004), true],
      [`${q}=100.00`, of(100.005), false],
      [`${q}=1e2`, of(95), true],
      [`${q}=1e2`, of(105), false],
      [`${q}=1.00e2`, of(100.4), true],
      [`${q}=1.00e2`, of(101), false],
      [`${q}=5.40e-3`, of(0.005404), true],
      [`${q}=5.40e-3`, of(0.005406), false],
      [`${q}=-5.4`, of(-5.41), true],
      [`${q}=-5.4`, of(5.4), false],
      [`${q}=0`, of(0.4), true],
    ]);
  });

  test('takes a number as exact with the other prefixes', () => {
    const q = 'value-quantity';
    check('Observation', [
      [`${q}=ne5.4`, of(5.41), false],
      [`${q}=ne5.4`, of(5.5), true],
      [`${q}=gt5.4`, of(5.4), false],
      [`${q}=gt5.4`, of(5.41), true],
      [`${q}=ge5.4`, of(5.4), true],
      [`${q}=ge5.4`, of(5.39), false],
      [`${q}=lt5.4`, of(5.39), true],
      [`${q}=lt5.4`, of(5.4), false],
      [`${q}=le5.4`, of(5.4), true],
      [`${q}=sa5.4`, of(5.5), true],
      [`${q}=sa5.4`, of(5.4), false],
      [`${q}=eb5.4`, of(5.3), true],
      [`${q}=eb5.4`, of(5.4), false],
      [`${q}=ap100`, of(110), true],
      [`${q}=ap100`, of(90), true],
      [`${q}=ap100`, of(111), false],
      [`${q}=ap-100`, of(-109), true],
    ]);
  });

  test('compares units by system and code, or by code or unit', () => {
    const q = 'value-quantity';
    check('Observation', [
      [`${q}=5.4|${UCUM}|mg`, of(5.4), true],
      [`${q}=5.4|${UCUM}|g`, of(5.4), false],
      [`${q}=5.4|urn:x|mg`, of(5.4), false],
      [`${q}=5.4|${UCUM}|`, of(5.4), true],
      [`${q}=5.4||mg`, of(5.4), true],
      [`${q}=5.4||milligram`, of(5.4), true],
      [`${q}=5.4|${UCUM}|milligram`, of(5.4), false],
      [`${q}=gt5|${UCUM}|mg`, of(5.4), true],
    ]);
  });

  test('knows ranges, comparators, samples and numbers that keep their digits', () => {
    check('Condition', [
      ['onset-age=ge40', { onsetRange: { low: { value: 30 }, high: { value: 50 } } }, true],
      ['onset-age=40', { onsetRange: { low: { value: 30 }, high: { value: 50 } } }, false],
      ['onset-age=gt100', { onsetRange: { low: { value: 30 } } }, true],
      ['onset-age=lt30', { onsetRange: { low: { value: 30 } } }, false],
      ['onset-age=30||a', { onsetAge: { value: 30, code: 'a' } }, true],
    ]);
    const samples: JsonObject = {
      origin: { value: 10, code: 'mV' },
      factor: 2,
      data: '0 E 5 -5 U',
    };
    check('Observation', [
      ['value-quantity=gt100', of(5, { comparator: '>' }), true],
      ['value-quantity=5', of(5, { comparator: '>' }), false],
      ['value-quantity=lt1', of(5, { comparator: '<=' }), true],
      ['value-quantity=gt19||mV', { valueSampledData: samples }, true],
      ['value-quantity=gt20||mV', { valueSampledData: samples }, false],
      ['value-quantity=le0', { valueSampledData: samples }, true],
      ['value-quantity=5', { valueQuantity: { unit: 'mg' } }, false],
    ]);
    const parsed = parseJson('{"valueQuantity":{"value":5.40}}');
    const content = parsed.ok ? (parsed.value as JsonObject) : {};
    check('Observation', [['value-quantity=5.4', content, true]]);
  });

  test('refuses what is no number', () => {
    refused('Observation?value-quantity=abc', 'prefix');
    refused('Observation?value-quantity=1.', 'is no number');
    refused('Observation?value-quantity=1e999', 'is no number');
    refused('Observation?value-quantity=5.4|mg', 'is not [number]');
    refused('Observation?value-quantity:exact=5', 'modifier');
  });
});
