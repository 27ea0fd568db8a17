import { describe, expect, it } from 'vitest';
import { isNhsNumber } from '../../../src/domain/fhir/nhs-number.ts';

describe('isNhsNumber', () => {
  it.each([
    '9000000009',
    '9000000017',
    '9000000025',
    '9000000033',
    '9111231130',
    '9995000180',
    '9691036053',
    '5900002233',
    '9446245796',
  ])('accepts %s, whose check digit fits', (text) => {
    expect(isNhsNumber(text)).toBe(true);
  });

  it.each(['9995000181', '9999999998', '9900004948'])('refuses %s by its check digit', (text) => {
    expect(isNhsNumber(text)).toBe(false);
  });

  it('refuses ten zeros although they pass the sum', () => {
    expect(isNhsNumber('0000000000')).toBe(false);
  });

  it.each([
    '',
    '900000000',
    '90000000099',
    '900 000 0009',
    '9000000009\n',
    '９000000009',
    'a000000009',
  ])('refuses %j, which is not ten digits', (text) => {
    expect(isNhsNumber(text)).toBe(false);
  });

  it('accepts one check digit at most for any nine digits', () => {
    for (let nine = 900_000_000; nine < 900_000_200; nine += 1) {
      const fitting = Array.from({ length: 10 }, (_, digit) => `${nine}${digit}`).filter(
        isNhsNumber,
      );
      expect(fitting.length).toBeLessThanOrEqual(1);
    }
  });
});
