import { readFileSync } from 'node:fs';
import r4 from 'fhirpath/fhir-context/r4';
import { describe, expect, test } from 'vitest';
import { generateModel, VALIDATED_TYPES } from '../../../src/cli/generate-model.ts';
import modelTable from '../../../src/domain/validation/model.json' with { type: 'json' };
import { choiceName, readElement } from '../../../src/domain/validation/notation.ts';
import { definitionsOfR4, HAS_DEFINITIONS } from './definitions.ts';
import { MODEL } from './objects-by-path.ts';

const FOLDER = new URL('../../../src/domain/validation/', import.meta.url);

const DEFINITIONS = await definitionsOfR4();

const tables = async (): Promise<Readonly<Record<string, string>>> => {
  const { validationTables } = await import('../../../src/cli/generate-validation.ts');
  return validationTables();
};

describe.skipIf(!HAS_DEFINITIONS)('the generated tables', () => {
  test('are current', async () => {
    for (const [name, text] of Object.entries(await tables())) {
      expect(
        readFileSync(new URL(name, FOLDER), 'utf8') === text,
        `run npm run generate: ${name}`,
      ).toBe(true);
    }
  });

  test('are small enough to be read at start', async () => {
    const sizes = Object.values(await tables()).map((text) => text.length);
    expect(Math.max(...sizes)).toBeLessThan(50_000);
  });

  test('hold nothing of Medplum', async () => {
    expect(JSON.stringify(await tables())).not.toContain('medplum');
  });
});

describe.skipIf(!HAS_DEFINITIONS)('what Medplum added to R4', () => {
  test('is undone', () => {
    const meta = modelTable.Meta.elements;
    expect(Object.keys(meta)).toEqual([
      'versionId',
      'lastUpdated',
      'source',
      'profile',
      'security',
      'tag',
    ]);
    expect(modelTable['Bundle.entry.response'].elements.outcome).toBe('0..1 Resource');
    expect(modelTable['AuditEvent.source'].elements.observer).not.toContain('Subscription');
  });

  test('is noticed when it is no longer there, so that the list cannot go stale', async () => {
    const { MEDPLUM_ADDITIONS, withoutAdditions } = await import(
      '../../../src/cli/generate-definitions.ts'
    );
    const [removed = ''] = MEDPLUM_ADDITIONS.elements;
    const meta = DEFINITIONS.structures.get('Meta');
    if (meta === undefined) throw new Error('there is no Meta');
    // Read once, it is already undone: a second time nothing of the list is found.
    expect(() => withoutAdditions(meta)).toThrow(removed);
  });
});

describe.skipIf(!HAS_DEFINITIONS)('the model', () => {
  test('has the elements and types of R4 that another reading of the specification has', () => {
    expect(elementsOfModel()).toEqual(elementsOfOracle());
  });

  test('covers every type that is validated, and what these are made of', () => {
    const { types, primitives } = generateModel(DEFINITIONS, VALIDATED_TYPES);
    for (const type of VALIDATED_TYPES) expect(Object.keys(types)).toContain(type);
    const named = Object.values(types).flatMap(({ elements }) =>
      Object.entries(elements).flatMap(([name, notation]) => readElement(name, notation).types),
    );
    const known = new Set([...Object.keys(types), ...primitives, 'Resource']);
    expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
  });
});

/** Every element of a concrete type as `path type`, as the model has it. */
function elementsOfModel(): readonly string[] {
  const tables: Readonly<Record<string, { elements: Readonly<Record<string, string>> }>> =
    modelTable;
  return Object.entries(tables)
    .filter(([name]) => isCompared(name))
    .flatMap(([owner, { elements }]) =>
      Object.entries(elements).flatMap(([name, notation]) => {
        const element = readElement(name, notation);
        return element.types.map((type) => {
          const jsonName = element.choice ? choiceName(element.name, type.name) : element.name;
          return `${owner}.${jsonName}`;
        });
      }),
    )
    .sort();
}

/** The same from the model of the FHIRPath engine, which was made from HL7's own files. */
function elementsOfOracle(): readonly string[] {
  const types = new Set(Object.keys(modelTable).filter(isCompared));
  const choices = r4.choiceTypePaths as Readonly<Record<string, readonly string[]>>;
  const inherited = /\.(id|extension|modifierExtension)$/;
  const ofResources = /^[^.]+\.(meta|implicitRules|language|text|contained)$/;
  const isInherited = (path: string): boolean =>
    inherited.test(path) ||
    (ofResources.test(path) && MODEL.types.get(path.split('.')[0] ?? '')?.isResource === true);
  const paths = [...Object.keys(r4.path2Type), ...Object.keys(r4.pathsDefinedElsewhere)];
  return [...new Set(paths)]
    .filter((path) => types.has(path.slice(0, path.lastIndexOf('.'))) && !isInherited(path))
    .flatMap((path) => (choices[path] ?? ['']).map((suffix) => path + suffix))
    .sort();
}

/** Bases are inherited from; SimpleQuantity is a profile. */
function isCompared(name: string): boolean {
  return !/^(?:Element|BackboneElement|Resource|DomainResource|SimpleQuantity)$/.test(name);
}
