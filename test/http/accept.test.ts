import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { acceptProblem } from '../../src/http/accept.ts';

function asked(accept: string | undefined, url = '/FHIR/R4/Patient'): FastifyRequest {
  return { url, headers: accept === undefined ? {} : { accept } } as unknown as FastifyRequest;
}

describe('an answer as FHIR JSON', () => {
  test.each([
    undefined,
    '',
    '*/*',
    'application/*',
    'application/json',
    'application/fhir+json',
    'Application/FHIR+JSON; fhirVersion=4.0',
    'application/fhir+json;fhirVersion="4.0";q=0.5',
    'text/html,application/xhtml+xml,*/*;q=0.8',
  ])('is given to a caller that accepts %s', (accept) => {
    expect(acceptProblem(asked(accept))).toBeNull();
  });

  test.each([
    'application/fhir+xml',
    'text/html',
    'application/fhir+json; fhirVersion=3.0',
    'application/fhir+json; fhirVersion=5.0',
    'application/json;q=0',
  ])('is refused to a caller that accepts only %s', (accept) => {
    expect(acceptProblem(asked(accept))?.kind).toBe('not-acceptable');
  });

  test.each(['json', 'application/fhir+json', 'application%2Ffhir%2Bjson', 'application/json'])(
    'is given for _format=%s, whatever Accept says',
    (format) => {
      expect(acceptProblem(asked('text/html', `/FHIR/R4/Patient?_format=${format}`))).toBeNull();
    },
  );

  test.each(['xml', 'application/fhir%2Bxml', 'ttl', ''])(
    'is refused for _format=%s, whatever Accept says',
    (format) => {
      const url = `/FHIR/R4/Patient?_format=${format}`;
      expect(acceptProblem(asked('application/json', url))?.kind).toBe('not-acceptable');
    },
  );
});
