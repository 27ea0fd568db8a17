import { expect, it } from 'vitest';
import type { KnownFile } from '../../src/adapters/sqlite/audit-indexing.ts';
import { ownFiles } from '../../src/adapters/sqlite/audit-own-files.ts';

it('are behind by what was written and not indexed, until the database forgets them', () => {
  let known: KnownFile[] = [
    { number: 1, indexed: 100, ended: 1 },
    { number: 2, indexed: 30, ended: 0 },
    { number: 9, indexed: 0, ended: 0 },
  ];
  const own = ownFiles({ files: () => known });
  own.add({ number: 1, written: () => 100 });
  own.add({ number: 2, written: () => 50 });
  expect([own.behind(), own.numbers()]).toEqual([20, [1, 2]]);
  known = known.filter(({ number }) => number !== 1);
  expect([own.behind(), own.numbers()]).toEqual([20, [2]]);
  known = [];
  expect([own.behind(), own.numbers()]).toEqual([0, []]);
});
