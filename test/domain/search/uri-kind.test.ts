import { describe, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { check, refused } from './searching.ts';

describe('a uri parameter', () => {
  const at = (policy: string): JsonObject => ({ agent: [{ policy: [policy] }] });

  test('finds the whole URI, case included', () => {
    check('AuditEvent', [
      ['policy=http://acme.org/fhir/Policy/1', at('http://acme.org/fhir/Policy/1'), true],
      ['policy=http://acme.org/fhir/policy/1', at('http://acme.org/fhir/Policy/1'), false],
      ['policy=urn:oid:1.2.3', at('urn:oid:1.2.3'), true],
    ]);
  });

  test('with :below and :above goes along the path of a URL', () => {
    const url = 'http://acme.org/fhir/Policy/123';
    check('AuditEvent', [
      ['policy:below=http://acme.org/fhir/', at(url), true],
      ['policy:below=http://acme.org/fhir', at(url), true],
      ['policy:below=http://acme.org/fh', at(url), false],
      [`policy:above=${url}/_history/5`, at(url), true],
      [`policy:above=${url}4`, at(url), false],
    ]);
    refused('AuditEvent?policy:below=urn:oid:1.2', 'for URLs alone');
    refused('AuditEvent?policy:contains=a', 'modifier :contains');
  });

  test('finds a profile with any version, or with the one that is asked for', () => {
    const meta: JsonObject = { meta: { profile: ['http://x/p|1.0'], source: 'urn:s' } };
    check('Patient', [
      ['_profile=http://x/p', meta, true],
      ['_profile=http://x/p|1.0', meta, true],
      ['_profile=http://x/p|2.0', meta, false],
      ['_source=urn:s', meta, true],
    ]);
  });
});
