import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/domain/fhir/json.ts';
import { applyPatch, readPatch } from '../../../../src/domain/fhir/patch/patch.ts';

const PATIENT = {
  resourceType: 'Patient',
  id: '1',
  identifier: [
    { system: 'https://a.test', value: '1' },
    { system: 'https://b.test', value: "2'x" },
  ],
  name: [{ family: 'Ó', given: ['Zoë', 'Ann'], _given: [null, { id: 'g' }] }],
  birthDate: '1970-01-01',
  _birthDate: { extension: [{ url: 'x', valueCode: 'y' }] },
  deceasedBoolean: false,
};

type Part = Record<string, unknown> & { name: string };

function operation(type: string, path: string, ...parts: Part[]): object {
  const part = [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...parts];
  return { name: 'operation', part };
}

function patched(operations: object[], resource: object = PATIENT): Record<string, unknown> {
  const patch = readPatch({ resourceType: 'Parameters', parameter: operations } as never);
  const result = patch.ok ? applyPatch(resource as JsonObject, patch.value) : patch;
  if (result.ok) return result.value;
  return { problem: `${result.problem.kind}: ${result.problem.issues[0].diagnostics}` };
}

const name = (value: string): Part => ({ name: 'name', valueString: value });
const text = (value: string): Part => ({ name: 'value', valueString: value });

describe('a FHIRPath Patch', () => {
  test('adds an element, an item of a list that is there, and the first item of one that is not', () => {
    const after = patched([
      operation('add', 'Patient', name('gender'), { name: 'value', valueCode: 'female' }),
      operation('add', 'Patient.name[0]', name('given'), text('May')),
      operation('add', 'Patient', name('telecom'), {
        name: 'value',
        valueContactPoint: { system: 'phone', value: '1' },
      }),
    ]);
    expect(after.gender).toBe('female');
    expect(after.name).toEqual([
      { family: 'Ó', given: ['Zoë', 'Ann', 'May'], _given: [null, { id: 'g' }, null] },
    ]);
    expect(after.telecom).toEqual([{ system: 'phone', value: '1' }]);
  });

  test('adds an element without a type of its own in parts, and a choice under its type', () => {
    const value = {
      name: 'value',
      part: [
        { name: 'gender', valueCode: 'male' },
        { name: 'relationship', valueCodeableConcept: { text: 'friend' } },
        { name: 'name', valueHumanName: { family: 'F' } },
      ],
    };
    expect(patched([operation('add', 'Patient', name('contact'), value)]).contact).toEqual([
      { gender: 'male', relationship: [{ text: 'friend' }], name: { family: 'F' } },
    ]);
    const statement = { resourceType: 'MedicationStatement', id: '1' };
    const concept = { name: 'value', valueCodeableConcept: { text: 'm' } };
    const added = patched(
      [operation('add', 'MedicationStatement', name('medication'), concept)],
      statement,
    );
    expect(added.medicationCodeableConcept).toEqual({ text: 'm' });
  });

  test('inserts, moves and deletes items with what stands beside them', () => {
    const at = (index: number): Part => ({ name: 'index', valueInteger: index });
    const inserted = patched([operation('insert', 'Patient.name[0].given', at(0), text('A'))]);
    expect(inserted.name).toEqual([
      { family: 'Ó', given: ['A', 'Zoë', 'Ann'], _given: [null, null, { id: 'g' }] },
    ]);
    const source: Part = { name: 'source', valueInteger: 1 };
    const destination: Part = { name: 'destination', valueInteger: 0 };
    const moved = patched([operation('move', 'Patient.name[0].given', source, destination)]);
    expect(moved.name).toEqual([
      { family: 'Ó', given: ['Ann', 'Zoë'], _given: [{ id: 'g' }, null] },
    ]);
    const deleted = patched([operation('delete', 'Patient.name[0].given[0]')]);
    expect(deleted.name).toEqual([{ family: 'Ó', given: ['Ann'], _given: [{ id: 'g' }] }]);
  });

  test('deletes an element with its extensions, and minds nothing that is not there', () => {
    const after = patched([
      operation('delete', 'Patient.birthDate'),
      operation('delete', 'Patient.gender'),
      operation('delete', "Patient.identifier.where(system = 'https://a.test')"),
    ]);
    expect(after).not.toHaveProperty('birthDate');
    expect(after).not.toHaveProperty('_birthDate');
    expect(after.identifier).toEqual([{ system: 'https://b.test', value: "2'x" }]);
    expect(patched([operation('delete', 'Patient.name[0]')])).not.toHaveProperty('name');
  });

  test('replaces a value in its place, and a choice by one of another type', () => {
    const after = patched([
      operation(
        'replace',
        "Patient.identifier.where(value='2\\'x').system",
        text('https://c.test'),
      ),
      operation('replace', 'Patient.deceased', { name: 'value', valueDateTime: '2020-01-01' }),
      operation('replace', 'name.given[1]', text('B')),
    ]);
    expect(after.identifier).toEqual([
      PATIENT.identifier[0],
      { system: 'https://c.test', value: "2'x" },
    ]);
    expect(Object.keys(after).at(-1)).toBe('deceasedDateTime');
    expect(after.name).toEqual([{ ...PATIENT.name[0], given: ['Zoë', 'B'] }]);
  });

  test.each([
    ["Patient.name.where(family.startsWith('x'))"],
    ["Patient.name.where(use = 'a' and family = 'b')"],
    ['Patient.descendants()'],
    ['Patient.name.given.first()'],
    ["Patient.extension('x')"],
    ['Patient..name'],
    ['Patient.name[x]'],
    ['%resource'],
    [''],
    ['Patient.__proto__'],
  ])('that uses more of FHIRPath is refused and not guessed at: %s', (path) => {
    const { problem } = patched([operation('delete', path)]);
    expect(problem).toMatch(/^invalid: Operation 1 \(delete\) of the patch: Paths may have/);
  });

  test.each([
    [operation('replace', 'Patient.gender', text('x')), 'invalid'],
    [operation('replace', 'Patient.identifier', text('x')), 'invalid'],
    [operation('replace', 'Patient', text('x')), 'invalid'],
    [operation('delete', 'Patient.identifier'), 'invalid'],
    [operation('add', 'Patient.birthDate', name('x'), text('y')), 'invalid'],
    [operation('add', 'Patient', name('birthDate'), text('y')), 'invalid'],
    [operation('add', 'Patient', name('__proto__'), text('y')), 'malformed'],
    [operation('add', 'Patient', text('y')), 'malformed'],
    [operation('add', 'Patient', name('gender')), 'malformed'],
    [
      operation('add', 'Patient', name('gender'), {
        name: 'value',
        valueCode: 'a',
        valueString: 'b',
      }),
      'malformed',
    ],
    [operation('insert', 'Patient.name', { name: 'index', valueInteger: 9 }, text('y')), 'invalid'],
    [
      operation('insert', 'Patient.name', { name: 'index', valueInteger: -1 }, text('y')),
      'malformed',
    ],
    [operation('move', 'Patient.name', { name: 'source', valueInteger: 0 }), 'malformed'],
    [operation('explode', 'Patient.name'), 'malformed'],
    [{ name: 'other' }, 'malformed'],
    [{ name: 'operation', part: [{ name: 'type', valueCode: 'add' }] }, 'malformed'],
  ])('that does not fit says which operation: %j', (one, kind) => {
    const { problem } = patched([operation('delete', 'Patient.deceased'), one]);
    expect(problem).toMatch(new RegExp(`^${kind}: Operation 2`));
  });

  test('cannot change the id', () => {
    expect(patched([operation('replace', 'Patient.id', text('2'))]).problem).toMatch(/^invalid/);
    expect(patched([operation('replace', 'Patient.id', text('1'))])).toEqual(PATIENT);
  });

  test('has one operation at least', () => {
    expect(patched([]).problem).toMatch(/^malformed/);
  });
});
