import { describe, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { check, refused } from './searching.ts';

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
      ['contenttype:above=text/xml; charset=UTF-8; a=b', xml, true],
      ['contenttype:above=text/xml', xml, false],
    ]);
  });

  test('refuses values that say nothing', () => {
    refused('Condition?code=|', 'no system and no code');
    refused('Condition?code=a|b|c', 'is not [code]');
    refused('Condition?code:exact=a', 'modifier :exact');
    refused('Patient?active=yes', 'neither true nor false');
    refused('Patient?active=http://hl7.org/fhir/special-values|true', 'takes no |');
    refused('Patient?phone=phone|1', 'takes no |');
  });
});
