import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { parseJson } from '../../../src/domain/fhir/json.ts';
import { faultsOf, finds } from './searching.ts';

/** Each row: a query, what it is asked of, and whether it is found. */
function check(type: string, rows: readonly (readonly [string, JsonObject, boolean])[]): void {
  for (const [query, content, isFound] of rows) {
    expect([query, content, finds(`${type}?${query}`, content)]).toEqual([query, content, isFound]);
  }
}

function refused(typeAndQuery: string, says: string): void {
  expect(faultsOf(typeAndQuery).join(' ')).toContain(says);
}

describe('a string parameter', () => {
  const eve: JsonObject = { name: [{ given: ['Eve'], family: 'O’Brien' }] };
  const severine: JsonObject = { name: [{ given: ['Séverine'], family: 'Carreño Quiñones' }] };

  test('finds the beginning of a text, whatever its case, accents and punctuation', () => {
    check('Patient', [
      ['given=eve', eve, true],
      ['given=EVE', eve, true],
      ['given=evelyn', eve, false],
      ['given=ve', eve, false],
      ['given=severine', severine, true],
      ['given=Sévér', severine, true],
      ['family=obrien', eve, true],
      ["family=o'b", eve, true],
      ['family=strasse', { name: [{ family: 'Straße' }] }, true],
      ['family=de la cruz', { name: [{ family: 'De  La Cruz' }] }, true],
    ]);
  });

  test('finds either half of a double family name', () => {
    check('Patient', [
      ['family=carreno', severine, true],
      ['family=quinones', severine, true],
      ['family=carreno quinones', severine, true],
      ['family=smith', { name: [{ family: 'Jones-Smith' }] }, true],
      ['given=smith', { name: [{ given: ['Jones Smith'] }] }, false],
    ]);
  });

  test('looks into every part of a name and of an address, and nothing else of them', () => {
    const name = {
      use: 'old',
      text: 'T',
      family: 'F',
      given: ['G', 'H'],
      prefix: ['P'],
      suffix: ['S'],
    };
    for (const part of ['T', 'F', 'G', 'H', 'P', 'S']) {
      check('Patient', [[`name=${part}`, { name: [name] }, true]]);
    }
    check('Patient', [
      ['name=old', { name: [name] }, false],
      ['address=leeds', { address: [{ city: 'Leeds', use: 'home' }] }, true],
      ['address=ls1', { address: [{ postalCode: 'LS1 4AP' }] }, true],
      ['address=home', { address: [{ city: 'Leeds', use: 'home' }] }, false],
      ['address-city=leeds', { address: [{ city: 'Bath' }, { city: 'Leeds' }] }, true],
    ]);
  });

  test('with :exact finds the whole text as it is written', () => {
    check('Patient', [
      ['given:exact=Eve', eve, true],
      ['given:exact=eve', eve, false],
      ['given:exact=Ev', eve, false],
      ['given:exact=Severine', severine, false],
      ['given:exact=Séverine', severine, true],
    ]);
  });

  test('with :contains finds a text anywhere', () => {
    check('Patient', [
      ['given:contains=eve', severine, true],
      ['given:contains=rin', severine, true],
      ['given:contains=xyz', severine, false],
    ]);
  });

  test('takes commas as alternatives unless they are escaped', () => {
    check('Patient', [
      ['given=adam,eve', eve, true],
      ['given=adam,bob', eve, false],
      ['given=a\\,b', { name: [{ given: ['a,b'] }] }, true],
      ['given:exact=a\\,b', { name: [{ given: ['a,b'] }] }, true],
      ['given:exact=a\\,b', { name: [{ given: ['a'] }] }, false],
      ['given:exact=a\\|b\\$c\\\\d', { name: [{ given: ['a|b$c\\d'] }] }, true],
    ]);
  });

  test('finds by sound, and by beginning, where it is phonetic', () => {
    check('Patient', [
      ['phonetic=Robert', { name: [{ given: ['Rupert'] }] }, true],
      ['phonetic=Rubin', { name: [{ given: ['Rupert'] }] }, false],
      ['phonetic=Ashcraft', { name: [{ family: 'Ashcroft' }] }, true],
      ['phonetic=Rob', { name: [{ given: ['Robert'] }] }, true],
      ['phonetic=smyth', { name: [{ family: 'Smith' }] }, true],
    ]);
  });

  test('refuses what is empty, or is nothing but punctuation, and modifiers of other types', () => {
    refused('Patient?given=', 'is empty');
    refused('Patient?given=a,,b', 'lists an empty value');
    refused('Patient?given=-', 'no letter or digit');
    refused('Patient?given=a\\b', 'backslash');
    refused('Patient?given:not=a', 'modifier :not');
    refused('Patient?given:text=a', 'modifier :text');
  });
});

describe('a token parameter', () => {
  const male: JsonObject = { gender: 'male' };
  const coded: JsonObject = {
    code: {
      coding: [
        { system: 'http://snomed.info/sct', code: '195967001', display: 'Asthma' },
        { code: 'H33' },
      ],
      text: 'Bronchial asthma',
    },
  };

  test('finds code, system and code, no system and code, or system alone', () => {
    check('Condition', [
      ['code=195967001', coded, true],
      ['code=H33', coded, true],
      ['code=h33', coded, true],
      ['code=H3', coded, false],
      ['code=http://snomed.info/sct|195967001', coded, true],
      ['code=http://snomed.info/sct|H33', coded, false],
      ['code=|H33', coded, true],
      ['code=|195967001', coded, false],
      ['code=http://snomed.info/sct|', coded, true],
      ['code=http://loinc.org|', coded, false],
      ['code=x,http://snomed.info/sct|195967001', coded, true],
    ]);
  });

  test('knows the system that an element of type code implies', () => {
    check('Patient', [
      ['gender=male', male, true],
      ['gender=MALE', male, false],
      ['gender=http://hl7.org/fhir/administrative-gender|male', male, true],
      ['gender=http://example.org|male', male, false],
      ['gender=|male', male, true],
      ['gender=http://hl7.org/fhir/administrative-gender|', male, true],
    ]);
  });

  test('compares identifiers, contact points, booleans, texts and ids', () => {
    const person: JsonObject = {
      identifier: [{ system: 'urn:x', value: 'Ab1', type: { text: 'Passport' } }],
      telecom: [
        { system: 'phone', value: '0113 496 0000' },
        { system: 'email', value: 'Eve@example.org' },
      ],
      active: true,
    };
    check('Patient', [
      ['identifier=urn:x|ab1', person, true],
      ['identifier=urn:y|ab1', person, false],
      ['phone=0113 496 0000', person, true],
      ['email=0113 496 0000', person, false],
      ['email=eve@example.org', person, true],
      ['telecom=eve@example.org', person, true],
      ['active=true', person, true],
      ['active=false', person, false],
      ['_id=x', person, true],
      ['_id=X', person, false],
      ['_id=y,x', person, true],
    ]);
    check('Medication', [['lot-number=ab1', { batch: { lotNumber: 'AB1' } }, true]]);
  });

  test('says of everybody whether they have died', () => {
    check('Patient', [
      ['deceased=false', {}, true],
      ['deceased=true', {}, false],
      ['deceased=true', { deceasedBoolean: true }, true],
      ['deceased=false', { deceasedBoolean: false }, true],
      ['deceased=true', { deceasedDateTime: '2020' }, true],
      ['deceased:missing=true', {}, false],
      ['birthOrderBoolean=true', { multipleBirthInteger: 2 }, true],
      ['birthOrderBoolean=false', { multipleBirthBoolean: false }, true],
      ['birthOrderBoolean=true', {}, false],
    ]);
  });

  test('with :not finds what has no matching item, also what has none at all', () => {
    check('Patient', [
      ['gender:not=male', male, false],
      ['gender:not=female', male, true],
      ['gender:not=male', {}, true],
      ['gender:not=male,female', male, false],
    ]);
    check('Condition', [['code:not=H33', coded, false]]);
  });

  test('with :text searches what is said beside a code', () => {
    check('Condition', [
      ['code:text=asthma', coded, true],
      ['code:text=bronchial', coded, true],
      ['code:text=bronchial asthma', coded, true],
      ['code:text=H33', coded, false],
    ]);
    check('Patient', [
      ['identifier:text=passp', { identifier: [{ value: '1', type: { text: 'Passport' } }] }, true],
    ]);
    refused('Patient?gender:text=male', 'needs an element that has a text');
  });

  test('with :of-type finds identifiers by their type', () => {
    const type = { coding: [{ system: 'urn:t', code: 'MR' }] };
    const patient: JsonObject = { identifier: [{ value: '446053', type }, { value: '9' }] };
    check('Patient', [
      ['identifier:of-type=urn:t|MR|446053', patient, true],
      ['identifier:of-type=urn:t|XX|446053', patient, false],
      ['identifier:of-type=urn:t|MR|9', patient, false],
    ]);
    refused('Patient?identifier:of-type=MR|1', 'is not [system]|[code]|[value]');
    refused('Patient?gender:of-type=a|b|c', 'for identifiers alone');
  });

  test('with :below finds media types with further parameters', () => {
    const xml: JsonObject = {
      content: [{ attachment: { contentType: 'text/xml; charset=UTF-8' } }],
    };
    check('DocumentReference', [
      ['contenttype:below=text/xml', xml, true],
      ['contenttype:below=text/x', xml, false],
      ['contenttype=text/xml', xml, false],
    ]);
  });

  test('refuses what would need a terminology service, and values that say nothing', () => {
    for (const modifier of ['in', 'not-in', 'above', 'below']) {
      refused(`Condition?code:${modifier}=x`, 'terminology service');
    }
    refused('Condition?code=|', 'no system and no code');
    refused('Condition?code=a|b|c', 'is not [code]');
    refused('Condition?code:exact=a', 'modifier :exact');
    refused('Patient?active=yes', 'neither true nor false');
    refused('Patient?active=http://hl7.org/fhir/special-values|true', 'takes no |');
    refused('Patient?phone=phone|1', 'takes no |');
  });
});

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

describe('the number parameter age', () => {
  test('is counted in whole years up to now, and the dead have none', () => {
    check('Patient', [
      ['age=36', { birthDate: '1989-03-03' }, true],
      ['age=37', { birthDate: '1989-03-02' }, true],
      ['age=gt36', { birthDate: '1989-03-03' }, false],
      ['age=ge36', { birthDate: '1989' }, true],
      ['age=37', { birthDate: '1989-03-02', deceasedBoolean: true }, false],
      ['age=37', {}, false],
    ]);
    refused('Patient?age=old', 'prefix');
    refused('Patient?age:text=1', 'modifier');
  });
});

describe('a uri parameter', () => {
  const at = (policy: string): JsonObject => ({ agent: [{ policy: [policy] }] });

  test('finds the whole URI, case included', () => {
    check('AuditEvent', [
      ['policy=http://acme.org/fhir/Policy/1', at('http://acme.org/fhir/Policy/1'), true],
      ['policy=http://acme.org/fhir/policy/1', at('http://acme.org/fhir/Policy/1'), false],
      ['policy=urn:oid:1.2.3', at('urn:oid:1.2.3'), true],
    ]);
  });

  test('with :below and :above goes along the path of a URL', () => {
    const url = 'http://acme.org/fhir/Policy/123';
    check('AuditEvent', [
      ['policy:below=http://acme.org/fhir/', at(url), true],
      ['policy:below=http://acme.org/fhir', at(url), true],
      ['policy:below=http://acme.org/fh', at(url), false],
      [`policy:above=${url}/_history/5`, at(url), true],
      [`policy:above=${url}4`, at(url), false],
    ]);
    refused('AuditEvent?policy:below=urn:oid:1.2', 'for URLs alone');
    refused('AuditEvent?policy:contains=a', 'modifier :contains');
  });

  test('finds a profile with any version, or with the one that is asked for', () => {
    const meta: JsonObject = { meta: { profile: ['http://x/p|1.0'], source: 'urn:s' } };
    check('Patient', [
      ['_profile=http://x/p', meta, true],
      ['_profile=http://x/p|1.0', meta, true],
      ['_profile=http://x/p|2.0', meta, false],
      ['_source=urn:s', meta, true],
    ]);
  });
});

describe('a reference parameter', () => {
  const base = 'https://scr.example/FHIR/R4';
  const to = (reference: string, more: JsonObject = {}): JsonObject => ({
    subject: { reference, ...more },
  });

  test('finds by id, by type and id, and by URL, however the reference is written', () => {
    for (const reference of ['Patient/1', `${base}/Patient/1`, 'Patient/1/_history/3']) {
      check('Condition', [
        ['subject=1', to(reference), true],
        ['subject=2', to(reference), false],
        ['subject=Patient/1', to(reference), true],
        ['subject=Group/1', to(reference), false],
        [`subject=${base}/Patient/1`, to(reference), true],
        ['subject:Patient=1', to(reference), true],
        ['subject:Patient=Patient/1', to(reference), true],
        ['subject:Group=1', to(reference), false],
        ['patient=1', to(reference), true],
      ]);
    }
  });

  test('compares a version only where one is asked for', () => {
    check('Condition', [
      ['subject=Patient/1/_history/3', to('Patient/1/_history/3'), true],
      ['subject=Patient/1/_history/3', to(`${base}/Patient/1/_history/3`), true],
      ['subject=Patient/1/_history/4', to('Patient/1/_history/3'), false],
      ['subject=Patient/1/_history/3', to('Patient/1'), false],
    ]);
  });

  test('tells other servers’ resources from ours', () => {
    check('Condition', [
      ['subject=http://other.example/Patient/1', to('http://other.example/Patient/1'), true],
      ['subject=Patient/1', to('http://other.example/Patient/1'), false],
      ['subject=1', to('http://other.example/Patient/1'), false],
      ['subject=urn:uuid:8f1e', to('urn:uuid:8f1e'), true],
    ]);
  });

  test('that is limited to a type passes over references to others', () => {
    check('Condition', [
      ['patient=1', to('Group/1'), false],
      ['patient:missing=true', to('Group/1'), true],
      ['patient:missing=false', to('Patient/1'), true],
      ['patient:missing=false', { subject: { type: 'Patient', display: 'Eve' } }, true],
    ]);
  });

  test('with :identifier finds by the reference’s own identifier', () => {
    const logical: JsonObject = { subject: { identifier: { system: 'urn:x', value: '9' } } };
    check('Condition', [
      ['subject:identifier=urn:x|9', logical, true],
      ['subject:identifier=9', logical, true],
      ['subject:identifier=urn:y|9', logical, false],
      ['subject:identifier=urn:x|9', to('Patient/1'), false],
    ]);
  });

  test('finds canonical URLs, and with :below their versions', () => {
    const plan: JsonObject = { instantiatesCanonical: ['http://x/plan|1.0'] };
    check('Procedure', [
      ['instantiates-canonical=http://x/plan', plan, true],
      ['instantiates-canonical=http://x/plan|1.0', plan, true],
      ['instantiates-canonical=http://x/plan|1', plan, false],
      ['instantiates-canonical:below=http://x/plan', plan, true],
      ['instantiates-canonical:below=http://x/plan|1', plan, true],
      ['instantiates-canonical:below=http://x/plan|2', plan, false],
    ]);
    refused('Procedure?instantiates-canonical:identifier=a', 'which a URL is not');
  });

  test('refuses what can be no reference, and types that it does not lead to', () => {
    refused('Condition?subject=a b', 'is no id');
    refused('Condition?subject:Device=1', 'modifier :Device');
    refused('Condition?subject:Patient=Group/1', 'is no id of a Patient');
    refused('Condition?subject:Patient=http://other.example/Patient/1', 'is no id of a Patient');
    refused('Condition?subject:above=1', 'modifier :above');
  });
});

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
