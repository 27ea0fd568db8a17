import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { requestIdOf } from '../../src/http/request-id.ts';

const OURS = 'made-here';

function idFor(given: string | undefined): string {
  const headers = given === undefined ? {} : { 'x-request-id': given };
  return requestIdOf({ headers } as unknown as IncomingMessage, { fresh: () => OURS });
}

describe('a request id', () => {
  test.each(['3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'abc-123', 'trace.42', 'x'.repeat(64)])(
    'is the caller’s own when it is fit to be logged: %s',
    (given) => {
      expect(idFor(given)).toBe(given);
    },
  );

  test.each([
    undefined,
    '',
    '9449305552',
    '944-930-5552',
    'nhs-9449305552',
    'Dr A Khan',
    'a"b',
    '{}',
    'x'.repeat(65),
  ])('is made here when the caller’s is missing or unfit: %s', (given) => {
    expect(idFor(given)).toBe(OURS);
  });
});
