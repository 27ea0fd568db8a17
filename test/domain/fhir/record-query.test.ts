import { describe, expect, it } from 'vitest';
import {
  namesPatient,
  type RecordQuery,
  readRecordQuery,
} from '../../../src/domain/fhir/record-query.ts';
import type { Result } from '../../../src/domain/result.ts';

const NHS = 'https://fhir.nhs.uk/Id/nhs-number';
const NAMING = { baseUrl: 'https://scr.test/FHIR/R4', recordId: (n: string) => `r${n}` };

type Type = Parameters<typeof readRecordQuery>[0];

function read(type: Type, query: string, strict = false): Result<RecordQuery> {
  return readRecordQuery(type, new URLSearchParams(query), { strict }, NAMING);
}

function understood(type: Type, query: string): RecordQuery {
  const result = read(type, query);
  if (!result.ok) throw new Error(result.problem.issues[0].diagnostics);
  return result.value;
}

function faultsOf(type: Type, query: string, strict = false): readonly string[] {
  const result = read(type, query, strict);
  return result.ok ? [] : result.problem.issues.map((issue) => issue.code);
}

describe('whose record is searched', () => {
  it.each([
    'patient=abc',
    'patient=Patient/abc',
    'patient=https://scr.test/FHIR/R4/Patient/abc',
    'subject=abc',
    '_id=abc-1',
    '_id=abc-1,abc-2',
    'patient=abc&_id=abc-1',
    'patient=abc&subject=Patient/abc',
    'patient=abc,Practitioner/1',
  ])('%s means the record abc', (query) => {
    const { recordId, byNhsNumber } = understood('Condition', query);
    expect({ recordId, byNhsNumber }).toEqual({ recordId: 'abc', byNhsNumber: false });
  });

  it.each(['patient.identifier', 'patient:identifier', 'subject.identifier', 'subject:identifier'])(
    '%s names the patient by NHS number, with its system or without',
    (name) => {
      for (const token of [`${NHS}|9990000018`, '9990000018']) {
        const { recordId, byNhsNumber } = understood('Condition', `${name}=${token}`);
        expect({ recordId, byNhsNumber }).toEqual({ recordId: 'r9990000018', byNhsNumber: true });
      }
    },
  );

  it.each([
    'patient=Group/1',
    'patient.identifier=x|1',
    'patient=abc&patient=def',
    'patient=abc&_id=d-1',
  ])('%s means nobody’s record', (query) => {
    expect(understood('Condition', query).recordId).toBeNull();
  });

  it('must be said, and must be one', () => {
    expect(faultsOf('Condition', '')).toEqual(['required']);
    expect(faultsOf('Patient', '')).toEqual(['required']);
    expect(faultsOf('Condition', 'patient=abc,def')).toEqual(['too-costly']);
    expect(faultsOf('Patient', `identifier=${NHS}|9990000018,${NHS}|9990000026`)).toEqual([
      'too-costly',
    ]);
    expect(faultsOf('Condition', 'patient=')).toEqual(['value', 'required']);
    expect(faultsOf('Consent', 'subject=abc', true)).toEqual(['not-supported', 'required']);
  });

  it('of Patient is an NHS number or an id', () => {
    expect(understood('Patient', `identifier=${NHS}|9990000018`)).toMatchObject({
      recordId: 'r9990000018',
      byNhsNumber: true,
      ids: null,
    });
    expect(understood('Patient', '_id=abc')).toMatchObject({ recordId: 'abc', byNhsNumber: false });
  });
});

describe('what else is asked', () => {
  it('narrows by every _id that is given', () => {
    expect(understood('Condition', '_id=a-1,a-2').ids).toEqual(new Set(['a-1', 'a-2']));
    expect(understood('Condition', '_id=a-1,a-2&_id=a-2,a-3').ids).toEqual(new Set(['a-2']));
    expect(understood('Condition', 'patient=a').ids).toBeNull();
  });

  it('follows the includes that it knows, all of them, or one type alone', () => {
    const includes = (value: string) =>
      understood('AllergyIntolerance', `patient=a&_include=${value}`).includes;
    expect(includes('AllergyIntolerance:recorder')).toMatchObject([{ element: 'recorder' }]);
    expect(includes('AllergyIntolerance:recorder:Practitioner')).toMatchObject([
      { element: 'recorder', targets: ['Practitioner'] },
    ]);
    expect(includes('AllergyIntolerance:recorder:Device')).toMatchObject([{ targets: [] }]);
    expect(includes('*')).toBe('*');
    expect(includes('AllergyIntolerance:*')).toBe('*');
    expect(includes('recorder&_include=*')).toBe('*');
  });

  it('passes over what it does not know, and says so; when strict it is a fault', () => {
    const query = 'patient=a&code=1&_include=Condition:x&%3Cb%3E=1&_format=json&_pretty=true';
    expect(understood('AllergyIntolerance', query)).toMatchObject({
      used: [['patient', 'a']],
      ignored: ['code', '_include', 'with an unusual name'],
      includes: [],
    });
    expect(faultsOf('AllergyIntolerance', query, true)).toEqual(Array(3).fill('not-supported'));
    expect(faultsOf('AllergyIntolerance', 'patient=a&_format=json', true)).toEqual([]);
  });
});

it('knows the parameters that name a patient', () => {
  const naming = ['patient', 'patient.identifier', 'subject:identifier', 'identifier', '_id'];
  expect(naming.filter(namesPatient)).toEqual(naming);
  expect(['_include', 'patients', '_idx', '_format'].filter(namesPatient)).toEqual([]);
});
