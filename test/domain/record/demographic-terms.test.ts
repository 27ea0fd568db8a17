import { expect, it } from 'vitest';
import { demographicTerms, foldName } from '../../../src/domain/record/demographic-terms.ts';

it('finds a Patient by identifiers, names, birth date and postcode, each once', () => {
  const patient = {
    identifier: [{ system: 's', value: '1' }, { value: '2' }],
    name: [
      { family: 'Ó Súilleabháin', given: ['Zoë', 'ZOE', 3] },
      { given: 'Anna', text: 'Anna' },
      { family: 'Smith' },
    ],
    birthDate: '1950-02-03',
    address: [{ postalCode: 'LS1 4AP' }, { city: 'Leeds' }],
  };
  expect(demographicTerms(patient)).toEqual([
    'identifier|s|1',
    'name|zoe',
    'name|o suilleabhain',
    'name|smith',
    'birthdate|1950-02-03',
    'postcode|ls1 4ap',
  ]);
  expect(demographicTerms({})).toEqual([]);
});

it('compares names without accents and case, in every script', () => {
  expect(foldName(' ÉLODIE ')).toBe('elodie');
  expect(foldName('e\u0301lodie')).toBe('elodie');
  expect(foldName('ﬁona')).toBe('fiona');
  expect(foldName('Łukasz 北京')).toBe('łukasz 北京');
});
