import { describe, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { check, refused } from './searching.ts';

describe('a date parameter', () => {
  const on = (recordedDate: string): JsonObject => ({ recordedDate });

  test('without a prefix finds what lies wholly in the time that it names', () => {
    check('Condition', [
      ['recorded-date=2013-01-14', on('2013-01-14'), true],
      ['recorded-date=2013-01-14', on('2013-01-14T00:00:00Z'), true],
      ['recorded-date=2013-01-14', on('2013-01-14T10:00:00Z'), true],
      ['recorded-date=2013-01-14', on('2013-01-15T00:00:00Z'), false],
      ['recorded-date=2013-01-14', on('2013-01'), false],
      ['recorded-date=2013-01', on('2013-01-14'), true],
      ['recorded-date=2013', on('2013'), true],
      ['recorded-date=eq2013-01-14T10:00', on('2013-01-14T10:00:59Z'), true],
      ['recorded-date=2013-01-13,2013-01-14', on('2013-01-14'), true],
    ]);
  });

  test('compares as R4’s own examples do', () => {
    check('Condition', [
      ['recorded-date=ne2013-01-14', on('2013-01-15T00:00:00Z'), true],
      ['recorded-date=ne2013-01-14', on('2013-01-14T00:00:00Z'), false],
      ['recorded-date=ne2013-01-14', on('2013-01-14T10:00:00Z'), false],
      ['recorded-date=lt2013-01-14T10:00Z', on('2013-01-14'), true],
      ['recorded-date=gt2013-01-14T10:00Z', on('2013-01-14'), true],
    ]);
    const from21Jan: JsonObject = { onsetPeriod: { start: '2013-01-21' } };
    const from15Mar: JsonObject = { onsetPeriod: { start: '2013-03-15' } };
    const until21Jan: JsonObject = { onsetPeriod: { end: '2013-01-21' } };
    check('Condition', [
      ['onset-date=ge2013-03-14', from21Jan, true],
      ['onset-date=le2013-03-14', from21Jan, true],
      ['onset-date=sa2013-03-14', from15Mar, true],
      ['onset-date=sa2013-03-14', from21Jan, false],
      ['onset-date=sa2013-03-14', until21Jan, false],
      ['onset-date=eb2013-03-14', from15Mar, false],
      ['onset-date=eb2013-03-14', from21Jan, false],
      ['onset-date=eb2013-03-14', until21Jan, true],
    ]);
  });

  test('takes a boundary into ge and le, and leaves it out of gt, lt, sa and eb', () => {
    const day = on('2013-03-14');
    for (const [prefix, found] of Object.entries({ ge: true, le: true, gt: false, lt: false })) {
      check('Condition', [[`recorded-date=${prefix}2013-03-14`, day, found]]);
    }
    check('Condition', [
      ['recorded-date=sa2013-03-13', day, true],
      ['recorded-date=sa2013-03-14', day, false],
      ['recorded-date=eb2013-03-15', day, true],
      ['recorded-date=eb2013-03-14', day, false],
      ['recorded-date=ge2013-03-13&recorded-date=le2013-03-15', day, true],
      ['recorded-date=ge2013-03-15&recorded-date=le2013-03-16', day, false],
    ]);
  });

  test('allows for a tenth of the time from now with ap', () => {
    // From now, in March 2026, to 2016-03-02 it is ten years: a year either way is near.
    check('Condition', [
      ['recorded-date=ap2016-03-02', on('2015-06-01'), true],
      ['recorded-date=ap2016-03-02', on('2017-02-01'), true],
      ['recorded-date=ap2016-03-02', on('2014-12-01'), false],
      ['recorded-date=ap2016-03-02', on('2017-06-01'), false],
    ]);
  });

  test('corrects for time zones; a plus sign may arrive as a blank', () => {
    const moment = on('2013-01-14T23:30:00-05:00');
    check('Condition', [
      ['recorded-date=2013-01-15', moment, true],
      ['recorded-date=2013-01-14', moment, false],
      ['recorded-date=2013-01-15T05:30:00+01:00', moment, true],
      ['recorded-date=2013-01-15T05:30:00 01:00', moment, true],
    ]);
  });

  test('takes a period by its ends and a timing by its outer limits', () => {
    const timing = (content: JsonObject): JsonObject => ({ effectiveTiming: content });
    check('Observation', [
      ['date=2013-02', { effectivePeriod: { start: '2013-02-01', end: '2013-02-28' } }, true],
      ['date=2013-02', { effectivePeriod: { start: '2013-02-01' } }, false],
      ['date=ge2050', { effectivePeriod: { start: '2013-02-01' } }, true],
      ['date=2013', timing({ event: ['2013-02-01', '2013-12-31'] }), true],
      ['date=2013-02', timing({ event: ['2013-02-01', '2013-12-31'] }), false],
      ['date=gt2013-03-01', timing({ repeat: { boundsPeriod: { end: '2013-03-31' } } }), true],
      ['date=2013', timing({ code: { text: 'daily' } }), false],
      ['date:missing=true', timing({ code: { text: 'daily' } }), false],
      ['date=2013', { effectivePeriod: {} }, false],
    ]);
    check('MedicationRequest', [
      ['date=2013-02-01', { dosageInstruction: [{ timing: { event: ['2013-02-01'] } }] }, true],
    ]);
  });

  test('leaves out what is no date, and refuses to search for it', () => {
    check('Procedure', [
      ['date=2013', { performedString: '2013' }, false],
      ['date=ne2013', { performedString: 'last year' }, false],
    ]);
    check('Condition', [['recorded-date=ne2013', on('rubbish'), false]]);
    refused('Condition?recorded-date=2013-02-30', 'is no FHIR date');
    refused('Condition?recorded-date=xx2013', 'prefix');
    refused('Condition?recorded-date=14/03/2013', 'is no FHIR date');
    refused('Condition?recorded-date:exact=2013', 'modifier :exact');
  });
});
