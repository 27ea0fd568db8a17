import { expect, it } from 'vitest';
import {
  readVersionCondition,
  versionRefusal,
} from '../../../src/domain/fhir/version-condition.ts';

it.each([
  ['W/"abc"', ['abc']],
  ['"abc"', ['abc']],
  ['abc', ['abc']],
  [' W/"a" , W/"b-1.2"', ['a', 'b-1.2']],
  ['*', '*'],
  ['', null],
  ['W/', null],
  ['"a b"', null],
  ['a,,b', null],
])('reads If-Match %j', (text, expected) => {
  expect(readVersionCondition(text)).toEqual(expected);
});

it('refuses every version but those that are named, and what has none', () => {
  expect(versionRefusal(null, 'a')).toBeNull();
  expect(versionRefusal(null, null)).toBeNull();
  expect(versionRefusal('*', 'a')).toBeNull();
  expect(versionRefusal(['a', 'b'], 'b')).toBeNull();
  expect(versionRefusal(['a'], 'b')?.kind).toBe('precondition-failed');
  expect(versionRefusal('*', null)?.kind).toBe('precondition-failed');
});
