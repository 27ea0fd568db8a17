import { describe, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { check, refused } from './searching.ts';

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
