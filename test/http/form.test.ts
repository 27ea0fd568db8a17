import { describe, expect, test } from 'vitest';
import { parametersIn } from '../../src/http/form.ts';

describe('search parameters', () => {
  test('are decoded in order, repeated ones kept, blanks as + or %20', () => {
    const read = parametersIn('patient=a%7Cb&_include=*&_include=x+y%20z&empty&=odd&');
    expect(read.ok && [...read.value]).toEqual([
      ['patient', 'a|b'],
      ['_include', '*'],
      ['_include', 'x y z'],
      ['empty', ''],
      ['', 'odd'],
    ]);
  });

  test.each(['patient=%', 'patient=%zz', 'patient=%C3', '%FF=1', 'a=%E0%A4%A'])(
    'are refused as malformed when an encoding is bad: %s',
    (text) => {
      const read = parametersIn(text);
      expect(read.ok ? 'read' : read.problem.kind).toBe('malformed');
    },
  );
});
