import { describe, test } from 'vitest';
import { check, refused } from './searching.ts';

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
