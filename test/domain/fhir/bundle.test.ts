import { expect, it } from 'vitest';
import {
  OUTCOME_URL,
  type Searchset,
  searchsetEntry,
  searchsetPieces,
  writeSearchset,
} from '../../../src/domain/fhir/bundle.ts';

const SELF = { relation: 'self', url: 'https://scr.test/Patient?identifier=a"b' };

function written(set: Searchset): string {
  return new TextDecoder().decode(Buffer.concat(writeSearchset(set)));
}

function resource(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

it('writes a Bundle around stored texts, which stay as they are', () => {
  const text = written({
    total: 1,
    links: [SELF],
    entries: [
      {
        fullUrl: 'https://scr.test/Patient/1',
        resource: resource('{"value":1.00}'),
        mode: 'match',
      },
      {
        fullUrl: 'https://scr.test/Practitioner/2',
        resource: resource('{"é":1}'),
        mode: 'include',
      },
      { fullUrl: OUTCOME_URL, resource: resource('{}'), mode: 'outcome' },
    ],
  });
  expect(text).toContain('"resource":{"value":1.00}');
  expect(JSON.parse(text)).toEqual({
    resourceType: 'Bundle',
    type: 'searchset',
    total: 1,
    link: [SELF],
    entry: [
      { fullUrl: 'https://scr.test/Patient/1', resource: { value: 1 }, search: { mode: 'match' } },
      {
        fullUrl: 'https://scr.test/Practitioner/2',
        resource: { é: 1 },
        search: { mode: 'include' },
      },
      { fullUrl: OUTCOME_URL, resource: {}, search: { mode: 'outcome' } },
    ],
  });
});

it.each(['match', 'include', 'outcome'] as const)('writes each %s the same in pieces', (mode) => {
  const resources = ['https://scr.test/é/1', 'https://scr.test/2', 'https://scr.test/"3"'].map(
    (fullUrl, n) => ({ fullUrl, pieces: [`{"value":"${n}`, 'ü', '"}'].map(resource) }),
  );
  const whole = resources.map(({ fullUrl, pieces }) =>
    searchsetEntry({ fullUrl, resource: Buffer.concat(pieces), mode }),
  );
  expect(Buffer.concat(searchsetPieces(resources, mode))).toEqual(Buffer.concat(whole));
  expect(searchsetPieces([], mode)).toEqual([]);
});

it('has no empty lists, and no total where none was counted', () => {
  expect(written({ total: 0, links: [], entries: [] })).toBe(
    '{"resourceType":"Bundle","type":"searchset","total":0}',
  );
  expect(written({ total: null, links: [SELF], entries: [] })).not.toContain('total');
});
