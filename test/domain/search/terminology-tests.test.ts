import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { searchTerminologyText } from '../../../src/cli/generate-terminology.ts';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { hierarchyOf, valueSetAt } from '../../../src/domain/search/terminology.ts';
import { check, faultsOf, refused } from './searching.ts';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const CLINICAL_SET = 'http://hl7.org/fhir/ValueSet/condition-clinical';
const STATUS_SET = 'http://hl7.org/fhir/ValueSet/observation-status';
const clinical = (code: string, system: string | null = CLINICAL): JsonObject => ({
  clinicalStatus: { coding: [{ ...(system === null ? {} : { system }), code }] },
});

describe('a token parameter with :in', () => {
  test('finds what has a code of the value set, by system and code to the letter', () => {
    const two = {
      coding: [
        { system: 'urn:own', code: 'x' },
        { system: CLINICAL, code: 'relapse' },
      ],
    };
    check('Condition', [
      [`clinical-status:in=${CLINICAL_SET}`, clinical('active'), true],
      [`clinical-status:in=${CLINICAL_SET}`, { clinicalStatus: two }, true],
      [`clinical-status:in=${CLINICAL_SET}`, clinical('Active'), false],
      [`clinical-status:in=${CLINICAL_SET}`, clinical('active', 'urn:own'), false],
      [`clinical-status:in=${CLINICAL_SET}`, clinical('active', null), false],
      [`clinical-status:in=${CLINICAL_SET}`, { clinicalStatus: { text: 'active' } }, false],
      [`clinical-status:in=${CLINICAL_SET}`, {}, false],
      [`clinical-status:in=${STATUS_SET},${CLINICAL_SET}`, clinical('active'), true],
    ]);
  });

  test('knows the value sets of this server, and of elements that imply their code system', () => {
    const category = [
      {
        coding: [
          { system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ConditionCategory', code: 'issue' },
        ],
      },
    ];
    const own = 'https://fhir.hl7.org.uk/ValueSet/UKCore-ConditionCategory';
    check('Condition', [[`category:in=${own}`, { category }, true]]);
    check('Observation', [
      [`status:in=${STATUS_SET}`, { status: 'final' }, true],
      [`status:in=${CLINICAL_SET}`, { status: 'final' }, false],
    ]);
  });

  test('negated by :not-in finds all others, those without any code included', () => {
    check('Condition', [
      [`clinical-status:not-in=${CLINICAL_SET}`, clinical('active'), false],
      [`clinical-status:not-in=${CLINICAL_SET}`, clinical('active', 'urn:own'), true],
      [`clinical-status:not-in=${CLINICAL_SET}`, {}, true],
      [`clinical-status:not-in=${STATUS_SET},${CLINICAL_SET}`, clinical('active'), false],
    ]);
  });

  test('is refused for a value set that is not known here, by its name and the modifier', () => {
    for (const modifier of ['in', 'not-in']) {
      for (const url of ['http://x.test/ValueSet/a', `${CLINICAL_SET}|4.0.1`, 'constructor:x']) {
        refused(`Condition?code:${modifier}=${url}`, `:${modifier} of code cannot be decided`);
        refused(`Condition?code:${modifier}=${url}`, url);
      }
      refused(`Condition?code:${modifier}=a <b>`, 'the codes of this value set are not known');
      refused(`Patient?identifier:${modifier}=${CLINICAL_SET}`, 'needs an element with codes');
      refused(`Patient?active:${modifier}=${CLINICAL_SET}`, 'needs an element with codes');
    }
    // Known by the form of their codes alone.
    refused('Patient?language:in=http://hl7.org/fhir/ValueSet/all-languages', 'not known here');
    expect(faultsOf(`Condition?code:in=${CLINICAL_SET},urn:a`)).toHaveLength(1);
  });
});

describe('a token parameter with :below and :above', () => {
  test('finds along the hierarchy of the code system, the code itself included', () => {
    check('Condition', [
      [`clinical-status:below=${CLINICAL}|active`, clinical('relapse'), true],
      [`clinical-status:below=${CLINICAL}|active`, clinical('active'), true],
      [`clinical-status:below=${CLINICAL}|active`, clinical('inactive'), false],
      [`clinical-status:below=${CLINICAL}|active`, clinical('relapse', 'urn:own'), false],
      [`clinical-status:below=${CLINICAL}|nothing`, clinical('relapse'), false],
      [`clinical-status:above=${CLINICAL}|relapse`, clinical('active'), true],
      [`clinical-status:above=${CLINICAL}|relapse`, clinical('relapse'), true],
      [`clinical-status:above=${CLINICAL}|active`, clinical('relapse'), false],
      [`clinical-status:below=${CLINICAL}|active,${CLINICAL}|inactive`, clinical('resolved'), true],
    ]);
  });

  test('takes the system that the elements imply, and no other', () => {
    const amended = { status: 'corrected' };
    check('Observation', [
      ['status:below=amended', amended, true],
      ['status:below=http://hl7.org/fhir/observation-status|amended', amended, true],
      [`status:below=${CLINICAL}|active`, amended, false],
      ['status:below=final', { status: 'final' }, true],
    ]);
    refused('Condition?code:below=1', 'with :below is not [system]|[code]');
    refused('Condition?code:above=|1', 'with :above is not [system]|[code]');
    refused(`Condition?code:above=${CLINICAL}|`, 'with :above is not [system]|[code]');
    refused('Condition?code:above=a|b|c', 'with :above is not [system]|[code]');
  });

  test('is refused where the hierarchy is not known here, rather than answered by half', () => {
    refused(
      'Condition?code:below=http://snomed.info/sct|73211009',
      ':below of code cannot be decided: the hierarchy of the code system http://snomed.info/sct',
    );
    refused('Condition?code:above=a b|c', 'the hierarchy of this code system is not known');
    refused('Patient?identifier:below=urn:a|1', 'needs an element with codes');
  });
});

describe('the terminology that searches know', () => {
  test('is current, and holds each value set of this server that can be listed', () => {
    const folder = new URL('../../../src/domain/search/', import.meta.url);
    const text = readFileSync(new URL('terminology.json', folder), 'utf8');
    expect(text === searchTerminologyText(), 'run npm run generate').toBe(true);
    const profiles = new URL('../../../profiles/', import.meta.url);
    const own = readdirSync(profiles).filter((name) => name.startsWith('ValueSet-'));
    const urls = own.map((name) => JSON.parse(readFileSync(new URL(name, profiles), 'utf8')).url);
    // The operations are those of FHIR as well, of which ours are a part.
    expect(urls.filter((url) => valueSetAt(url) === null)).toEqual([
      'https://scr.example/fhir/ValueSet/operation',
    ]);
  });

  test('has parents further up, by nesting and by a concept’s own word', () => {
    const roles = hierarchyOf('http://terminology.hl7.org/CodeSystem/v3-RoleCode');
    expect([...(roles?.above('MTH') ?? [])]).toEqual(
      expect.arrayContaining(['MTH', 'PRN', 'FAMMEMB', '_PersonalRelationshipRoleType']),
    );
    expect(roles?.below('PRN').has('MTH')).toBe(true);
    expect([...(roles?.below('no such code') ?? [])]).toEqual(['no such code']);
  });

  test('has no names of JavaScript objects', () => {
    expect([valueSetAt('constructor'), hierarchyOf('__proto__')]).toEqual([null, null]);
  });
});
