import { readdirSync, readFileSync } from 'node:fs';
import { buildModel } from '../domain/validation/model.ts';
import { PRIMITIVES } from '../domain/validation/primitives.ts';
import { nativeRules } from '../domain/validation/rules/registry.ts';
import { generateAdvice } from './generate-advice.ts';
import {
  type Definitions,
  readDefinitions,
  type StructureDefinition,
  type Terminology,
} from './generate-definitions.ts';
import { type GeneratedModel, generateModel, VALIDATED_TYPES } from './generate-model.ts';
import { generateProfiles } from './generate-profiles.ts';
import { jsonText } from './generate-text.ts';
import { expandable, generateValueSets } from './generate-value-sets.ts';

const PROFILES = new URL('../../profiles/', import.meta.url);

/** Invariants that the walk itself enforces, wherever they stand. */
const BY_THE_WALK: ReadonlySet<string> = new Set([
  'ele-1',
  'ext-1',
  'dom-2',
  'dom-3',
  'dom-4',
  'dom-5',
  'ref-1',
  'txt-1',
  'txt-2',
]);

/** What the definitions are compiled to, and what of their terminology that takes. */
export interface CompiledDefinitions {
  /** The generated files of `src/domain/validation`, each with its text. */
  readonly files: Readonly<Record<string, string>>;
  /** The canonical URLs of the value sets that codes must, or should, be taken from. */
  readonly valueSets: readonly string[];
  /** R4’s terminology and ours, by URL. */
  readonly terminology: ReadonlyMap<string, Terminology>;
}

/** The generated files of `src/domain/validation`, each with its text. */
export function validationTables(): CompiledDefinitions['files'] {
  return compileDefinitions().files;
}

/** Compiles R4 and our own definitions; throws where one asks for more than is checked here. */
export function compileDefinitions(): CompiledDefinitions {
  const definitions = readDefinitions();
  const generated = generateModel(definitions, VALIDATED_TYPES);
  assertEnforced(generated);
  const own = ownDefinitions();
  const terminology = new Map([...definitions.terminology, ...own.terminology]);
  const valueSets = new Map(generated.valueSets);
  const r4 = buildModel({
    types: generated.types,
    valueSets: generateValueSets(generated.valueSets, terminology),
  });
  const profiles = generateProfiles(own.profiles, r4, valueSets);
  const advice = generateAdvice(generated, definitions.structures, own.profiles, terminology);
  const ownSets = [...own.terminology.values()].filter(isValueSet).map(({ url }) => url);
  const ownLists = expandable(ownSets, terminology, Number.MAX_SAFE_INTEGER);
  return {
    files: {
      'model.json': jsonText(generated.types),
      'value-sets.json': jsonText(generateValueSets(valueSets, terminology)),
      'profiles.json': jsonText(profiles),
      'advice.json': jsonText(advice.table),
    },
    valueSets: [...new Set([...valueSets.values(), ...advice.bound, ...ownLists])].sort(),
    terminology,
  };
}

function isValueSet({ resourceType }: Terminology): boolean {
  return resourceType === 'ValueSet';
}

/** Throws when R4 asks something that no code of ours checks. */
function assertEnforced({ constraints, primitives }: GeneratedModel): void {
  const native = new Set(nativeRules());
  const missing = [...constraints].filter((each) => {
    return !native.has(each) && !BY_THE_WALK.has(each.split(' ')[1] ?? '');
  });
  if (missing.length > 0) throw new Error(`There is no rule for ${missing.join(', ')}`);
  const unknown = [...primitives].filter((each) => !(each in PRIMITIVES));
  if (unknown.length > 0) throw new Error(`There is no check for ${unknown.join(', ')}`);
}

interface OwnDefinitions {
  readonly profiles: readonly StructureDefinition[];
  readonly terminology: Definitions['terminology'];
}

/** What we define in `profiles/`. */
function ownDefinitions(): OwnDefinitions {
  const read = (prefix: string): readonly unknown[] =>
    readdirSync(PROFILES)
      .filter((name) => name.startsWith(`${prefix}-`) && name.endsWith('.json'))
      .sort()
      .map((name) => JSON.parse(readFileSync(new URL(name, PROFILES), 'utf8')));
  const terminology = [...read('CodeSystem'), ...read('ValueSet')] as readonly Terminology[];
  return {
    profiles: read('StructureDefinition') as readonly StructureDefinition[],
    terminology: new Map(terminology.map((each) => [each.url, each])),
  };
}
