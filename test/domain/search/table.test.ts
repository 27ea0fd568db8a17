import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  parameterRow,
  parameterRows,
  type SearchParameterDefinition,
  searchDefinitions,
  tableName,
  tableText,
} from '../../../src/cli/generate-search.ts';
import { readRow } from '../../../src/domain/search/definition.ts';
import {
  includesOf,
  parameterOf,
  parametersOf,
  ROWS,
  revincludesOf,
} from '../../../src/domain/search/parameters.ts';
import { refusalOf } from '../../../src/domain/search/result-parameters.ts';
import { SEARCH_TYPES } from '../../../src/domain/search/search-types.ts';

const DEFINITIONS = searchDefinitions();
const HL7 = new URL('../../../../shared/data/hl7-r4-examples/', import.meta.url);

const fileOf = (type: string): string =>
  readFileSync(
    new URL(`../../../src/domain/search/table/${tableName(type)}.ts`, import.meta.url),
    'utf8',
  );

describe('the tables of search parameters', () => {
  test('are those that the definitions give now', () => {
    for (const type of ['Resource', ...SEARCH_TYPES]) {
      expect(fileOf(type)).toBe(tableText(type, DEFINITIONS));
    }
  });

  test('hold every parameter that R4 defines for a type, and no other', () => {
    for (const type of SEARCH_TYPES) {
      const defined = DEFINITIONS.parameters
        .filter(({ base }) => [type, 'Resource', 'DomainResource'].some((it) => base.includes(it)))
        .map(({ code }) => code)
        .filter((code) => refusalOf(code) === null);
      const described =
        type === 'Patient' ? ['age', 'birthOrderBoolean', 'mothersMaidenName', 'part-agree'] : [];
      const held = parametersOf(type).map(({ name }) => name);
      expect([...held].sort()).toEqual([...new Set([...defined, ...described])].sort());
    }
  });

  test('say of each parameter its type, its definition, its targets and where its values are', () => {
    expect(parameterOf('MedicationStatement', 'medication')).toEqual({
      name: 'medication',
      type: 'reference',
      definition: 'http://hl7.org/fhir/SearchParameter/medications-medication',
      paths: [
        {
          steps: [{ name: 'medicationReference', filter: null }],
          dataType: 'Reference',
          system: null,
        },
      ],
      targets: ['Medication'],
      components: [],
    });
    expect(parameterOf('Practitioner', 'email')?.paths[0]?.steps).toEqual([
      { name: 'telecom', filter: { kind: 'system', value: 'email' } },
    ]);
    expect(parameterOf('Condition', 'patient')?.paths[0]?.steps).toEqual([
      { name: 'subject', filter: { kind: 'is', value: 'Patient' } },
    ]);
    expect(parameterOf('Patient', 'gender')?.paths[0]?.system).toBe(
      'http://hl7.org/fhir/administrative-gender',
    );
    expect(parameterOf('Patient', 'mothersMaidenName')?.paths[0]?.steps[0]?.filter).toEqual({
      kind: 'url',
      value: 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName',
    });
    expect(parameterOf('Location', 'name')).toBeNull();
    expect(parameterOf('Patient', 'near')).toBeNull();
  });

  test('give the parts of a composite the types that their expressions can be searched by', () => {
    const types = parameterOf('DocumentReference', 'relationship')?.components.map((it) => it.type);
    expect(types).toEqual(['token', 'reference']);
  });

  test('refuse a row that is none', () => {
    expect(() => readRow('name special x y')).toThrow('INVARIANT');
  });

  test('list what can be included, and from where', () => {
    expect(includesOf('AllergyIntolerance')).toEqual([
      'AllergyIntolerance:asserter',
      'AllergyIntolerance:patient',
      'AllergyIntolerance:recorder',
    ]);
    const into = revincludesOf('MedicationStatement');
    expect(into).toContain('MedicationStatement:part-of');
    expect(into).toContain('Provenance:target');
    expect(into).not.toContain('AllergyIntolerance:patient');
  });

  test('mark what is mandatory, and leave binary data out of summaries', () => {
    expect(ROWS.MedicationStatement.elements.join(' ')).toContain('medication[x]! subject!');
    expect(ROWS.DocumentReference.summary.join(' ')).toContain('content.attachment.contentType');
    expect(ROWS.DocumentReference.summary.join(' ')).not.toContain('attachment.data');
  });
});

describe('the generator', () => {
  test('stops at an expression that it does not understand', () => {
    const odd = (expression: string): SearchParameterDefinition => ({
      id: 'odd',
      code: 'odd',
      base: ['Patient'],
      type: 'token',
      expression,
    });
    const row = (expression: string): string | null =>
      parameterRow(odd(expression), 'Patient', DEFINITIONS);
    expect(row('Patient.active')).toBe('odd token odd active:boolean');
    expect(row('Practitioner.active')).toBeNull();
    expect(() => row('Patient.name.first()')).toThrow('not understood');
    expect(() => row('Patient.nothing')).toThrow('There is no element');
    expect(() => row('Patient.birthDate')).toThrow('can be searched');
  });
});

describe.runIf(existsSync(HL7))('HL7’s own list of the parameters', () => {
  const published = JSON.parse(
    existsSync(HL7) ? readFileSync(new URL('search-parameters.json', HL7), 'utf8') : '[]',
  ) as SearchParameterDefinition[];

  test('compiles to the same rows, though it casts in another spelling', () => {
    const definitions = { ...DEFINITIONS, parameters: published };
    for (const type of SEARCH_TYPES) {
      const rows = parameterRows(type, DEFINITIONS);
      const compiled = published
        .filter(({ base, type: search }) => base.includes(type) && search !== 'composite')
        // Described by hand: its own expression names an extension that does not exist.
        .filter(({ code }) => code !== 'mothersMaidenName')
        .map((each) => parameterRow(each, type, definitions))
        .filter((row) => row !== null)
        // The package that the tables come from leaves Group out where it can never be meant.
        .map((row) => (row.startsWith('patient ') ? row.replace('Group,', '') : row));
      expect(rows).toEqual(expect.arrayContaining(compiled));
    }
  });

  test('names nothing that is neither in the tables nor refused', () => {
    const missing = published.flatMap(({ code, base }) =>
      SEARCH_TYPES.filter((type) =>
        [type, 'Resource', 'DomainResource'].some((it) => base.includes(it)),
      )
        .filter((type) => parameterOf(type, code) === null && refusalOf(code) === null)
        .map((type) => `${type}.${code}`),
    );
    expect(missing).toEqual([]);
  });
});
