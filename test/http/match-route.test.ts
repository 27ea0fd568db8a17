import { expect, it } from 'vitest';
import { matchRoute } from '../../src/http/match-route.ts';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';

const match = (method: string, path: string) => {
  const found = matchRoute(FHIR_ROUTES, method, path);
  return found && [found.route.interaction, found.route.path, found.params];
};

it('finds the route that the server would choose, with the parts that it names', () => {
  expect(match('GET', '/Patient/1')).toEqual(['read', '/Patient/:id', { id: '1' }]);
  expect(match('GET', '/Patient/a%2Db')).toEqual(['read', '/Patient/:id', { id: 'a-b' }]);
  expect(match('GET', '/Patient/_history')).toEqual(['history-type', '/Patient/_history', {}]);
  expect(match('GET', '/Patient/$summary')).toEqual(['summary', '/Patient/$summary', {}]);
  expect(match('PUT', '/Patient')).toEqual(['update', '/Patient', {}]);
  expect(match('GET', '/Patient/1/_history/2')).toEqual([
    'vread',
    '/Patient/:id/_history/:versionId',
    { id: '1', versionId: '2' },
  ]);
});

it.each([
  ['GET', '/Patient/'],
  ['GET', '/Patient/1/2'],
  ['GET', '/'],
  ['DELETE', '/Patient/1'],
  ['GET', '/Patient/%'],
  ['EXPLODE', '/Patient/1'],
])('finds nothing for %s %s', (method, path) => {
  expect(match(method, path)).toBeNull();
});
