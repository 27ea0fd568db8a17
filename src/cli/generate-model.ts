import type {
  Definitions,
  ElementDefinition,
  ElementType,
  StructureDefinition,
} from './generate-definitions.ts';

/** The resource types whose content the server can validate. */
export const VALIDATED_TYPES = [
  'Patient',
  'MedicationStatement',
  'AllergyIntolerance',
  'Consent',
  'Condition',
  'Procedure',
  'Immunization',
  'Observation',
  'Medication',
  'MedicationRequest',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Bundle',
  'Parameters',
  'OperationOutcome',
  'AuditEvent',
  'Provenance',
  'DocumentReference',
  'Composition',
  'Encounter',
  'Device',
  'Location',
  'RelatedPerson',
] as const;

/** Written once and inherited, as R4 itself does. */
const BASES = ['Element', 'BackboneElement', 'Resource', 'DomainResource'];

const BASE_URL = 'http://hl7.org/fhir/StructureDefinition/';
const VALUE_SET_URL = 'http://hl7.org/fhir/ValueSet/';
const FHIR_TYPE = `${BASE_URL}structuredefinition-fhir-type`;
const MAX_VALUE_SET = 'http://hl7.org/fhir/StructureDefinition/elementdefinition-maxValueSet';
const ALL_LANGUAGES = `${VALUE_SET_URL}all-languages`;

/** A type in `model.json`, its elements in the notation of `domain/validation/notation.ts`. */
export interface GeneratedType {
  readonly base?: string;
  readonly elements: Record<string, string>;
}

/** The content of `model.json`, and what it needs of the other tables. */
export interface GeneratedModel {
  readonly types: Readonly<Record<string, GeneratedType>>;
  /** The canonical URLs of the value sets that are bound, by the names the notation gives them. */
  readonly valueSets: ReadonlyMap<string, string>;
  /** Every error constraint, as `path key`. */
  readonly constraints: ReadonlySet<string>;
  /** Every primitive type that an element has. */
  readonly primitives: ReadonlySet<string>;
}

/** The model of some resource types and of every datatype that they need. */
export function generateModel(
  definitions: Definitions,
  resourceTypes: readonly string[],
): GeneratedModel {
  const writer = new ModelWriter(definitions);
  writer.addAll([...BASES, ...resourceTypes]);
  return writer;
}

class ModelWriter implements GeneratedModel {
  readonly types: Record<string, GeneratedType> = {};
  readonly valueSets = new Map<string, string>();
  readonly constraints = new Set<string>();
  readonly primitives = new Set<string>();
  readonly #pending: string[] = [];
  readonly #definitions: Definitions;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /** Adds types, and what they are made of, and so on. */
  addAll(names: readonly string[]): void {
    this.#pending.push(...names);
    for (let name = this.#pending.shift(); name !== undefined; name = this.#pending.shift()) {
      this.#add(name);
    }
  }

  #add(name: string): void {
    if (this.types[name] !== undefined || this.primitives.has(name)) return;
    const definition = this.#definitions.structures.get(name);
    if (definition === undefined) throw new Error(`There is no definition of ${name}`);
    if (definition.kind === 'primitive-type') {
      this.primitives.add(name);
      return;
    }
    // SimpleQuantity is a profile of Quantity, the one that R4 uses as if it were a type.
    this.#addStructure(name, definition, definition.type);
  }

  #addStructure(name: string, definition: StructureDefinition, root: string): void {
    const elements = (definition.snapshot?.element ?? []).filter(({ id }) => !id.includes(':'));
    for (const { path } of elements.filter((each) => isParent(each, elements))) {
      const type = path === root ? name : path;
      const base = path === root ? baseOf(definition) : (typeOf(elements, path) ?? 'Element');
      this.types[type] = { ...(base === undefined ? {} : { base }), elements: {} };
    }
    for (const element of elements) {
      this.#addConstraints(element, root, name);
      if (element.path !== root) this.#addElement(element, elements, name, root);
    }
  }

  #addConstraints({ path, constraint = [] }: ElementDefinition, root: string, name: string): void {
    const place = path === root ? name : path;
    for (const { key, severity } of constraint) {
      if (severity === 'error') this.constraints.add(`${place} ${key}`);
    }
  }

  #addElement(
    element: ElementDefinition,
    all: readonly ElementDefinition[],
    type: string,
    root: string,
  ): void {
    const cut = element.path.lastIndexOf('.');
    const parent = element.path.slice(0, cut);
    const owner = this.types[parent === root ? type : parent];
    const name = element.path.slice(cut + 1);
    if (owner === undefined) throw new Error(`${element.path} has no parent`);
    if (element.max === '0' || this.#isInherited(owner.base, name)) return;
    const types = isParent(element, all) ? [element.path] : this.#typesOf(element);
    const binding = this.#bindingOf(element);
    owner.elements[name] =
      `${element.min}..${element.max} ${types.join(' | ')}${binding === null ? '' : ` @${binding}`}`;
  }

  #isInherited(base: string | undefined, name: string): boolean {
    if (base === undefined) return false;
    const inherited = this.types[base];
    if (inherited === undefined) throw new Error(`${base} comes too late`);
    return inherited.elements[name] !== undefined || this.#isInherited(inherited.base, name);
  }

  #typesOf({ path, type = [], contentReference }: ElementDefinition): readonly string[] {
    if (contentReference !== undefined) return [contentReference.slice(1)];
    return type.map((each) => {
      const name = nameOf(path, each);
      this.#pending.push(name);
      const targets = (each.targetProfile ?? []).map((url) => url.slice(BASE_URL.length));
      const any = targets.length === 0 || targets.includes('Resource');
      return name !== 'Reference' || any ? name : `Reference(${targets.join('|')})`;
    });
  }

  #bindingOf({ binding }: ElementDefinition): string | null {
    const max = binding?.extension?.find(({ url }) => url === MAX_VALUE_SET)?.valueCanonical;
    const required = binding?.strength === 'required' ? binding.valueSet : undefined;
    const bound = required ?? (max === ALL_LANGUAGES ? max : undefined);
    const url = bound?.split('|')[0];
    if (url === undefined) return null;
    const name = url.slice(url.lastIndexOf('/') + 1);
    if ((this.valueSets.get(name) ?? url) !== url) throw new Error(`Two value sets named ${name}`);
    this.valueSets.set(name, url);
    return name;
  }
}

/** Whether an element has elements of its own beside those of its datatype. */
function isParent({ path }: ElementDefinition, all: readonly ElementDefinition[]): boolean {
  return all.some((each) => each.path.startsWith(`${path}.`));
}

function typeOf(all: readonly ElementDefinition[], path: string): string | undefined {
  return all.find((each) => each.path === path)?.type?.[0]?.code;
}

/** What a type inherits elements from: never a concrete type, whose elements are restated. */
function baseOf({ id, baseDefinition }: StructureDefinition): string | undefined {
  if (id === 'Element' || id === 'Resource') return undefined;
  const base = baseDefinition?.slice(BASE_URL.length) ?? '';
  return BASES.includes(base) ? base : 'Element';
}

function nameOf(path: string, type: ElementType): string {
  // R4 gives it as a plain string; the text of the specification says that it is an id.
  if (path === 'Resource.id') return 'id';
  if (type.code.startsWith('http')) {
    const actual = type.extension?.find(({ url }) => url === FHIR_TYPE)?.valueUrl;
    if (actual === undefined) throw new Error(`${path} has a type that FHIR does not know`);
    return actual;
  }
  const simple = type.profile?.includes(`${BASE_URL}SimpleQuantity`) ?? false;
  return simple ? 'SimpleQuantity' : type.code;
}
