import { type Binding, bindingOf, type ValueSetTable } from './binding.ts';
import { choiceName, type NotedElement, type NotedType, readElement } from './notation.ts';
import { PRIMITIVES, type PrimitiveCheck } from './primitives.ts';
import { rulesOf } from './rules/registry.ts';
import type { Rule } from './rules/rule.ts';

/** The tables that a model is made of, as the generator writes them. */
export interface ModelTables {
  readonly types: Readonly<Record<string, TypeTable>>;
  readonly valueSets: Readonly<Record<string, ValueSetTable>>;
}

/** A type in `model.json`: what it inherits from, and its own elements in R4's order. */
export interface TypeTable {
  readonly base?: string;
  readonly elements: Readonly<Record<string, string>>;
}

/** A complex type, ready for the walk. */
export interface TypeModel {
  readonly name: string;
  readonly isResource: boolean;
  /** By JSON name; a choice once for each of its types. */
  readonly elements: ReadonlyMap<string, ElementModel>;
  /** The JSON names of required elements; choices apart. */
  readonly required: readonly string[];
  /** The FHIRPath names of required choices. */
  readonly requiredChoices: readonly string[];
  readonly rules: readonly Rule[];
}

/** An element of a complex type under one JSON name. */
export interface ElementModel {
  /** The FHIRPath name: `medication` for `medicationCodeableConcept`. */
  readonly name: string;
  readonly list: boolean;
  readonly required: boolean;
  readonly choice: boolean;
  readonly typeName: string;
  /** How a value is checked, where it is of a primitive type. */
  readonly primitive: PrimitiveCheck | null;
  /** What it is made of, where it is of a complex type; null for primitives and resources. */
  readonly type: TypeModel | null;
  readonly targets: ReadonlySet<string> | null;
  readonly binding: Binding | null;
  readonly rules: readonly Rule[];
}

/** The complex types by name, and the names of all resource types that R4 has. */
export interface Model {
  readonly types: ReadonlyMap<string, TypeModel>;
  readonly resourceTypes: ReadonlySet<string>;
}

const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';

/** Builds a model from its tables; throws where a table names what is in none. */
export function buildModel({ types, valueSets }: ModelTables): Model {
  const builder = new ModelBuilder(types, valueSets);
  for (const name of Object.keys(types)) builder.type(name);
  const known = valueSets['all-types']?.[RESOURCE_TYPES] ?? '';
  return { types: builder.built, resourceTypes: new Set(known.split(' ')) };
}

type Building = TypeModel & { elements: Map<string, ElementModel> };

class ModelBuilder {
  readonly built = new Map<string, Building>();
  readonly #types: ModelTables['types'];
  readonly #valueSets: ModelTables['valueSets'];
  readonly #bindings = new Map<string, Binding>();

  constructor(types: ModelTables['types'], valueSets: ModelTables['valueSets']) {
    this.#types = types;
    this.#valueSets = valueSets;
  }

  /** The type of this name; entered before it is filled, since types contain themselves. */
  type(name: string): TypeModel {
    const built = this.built.get(name);
    if (built !== undefined) return built;
    const noted = this.#elementsOf(name);
    const required = noted.filter((each) => each.required);
    const type: Building = {
      name,
      isResource: this.#inherits(name, 'Resource'),
      elements: new Map(),
      required: required.filter(({ choice }) => !choice).map((each) => each.name),
      requiredChoices: required.filter(({ choice }) => choice).map((each) => each.name),
      rules: rulesOf(name),
    };
    this.built.set(name, type);
    for (const each of noted) this.#addElement(type, each);
    return type;
  }

  #elementsOf(name: string): readonly NotedElement[] {
    const { base, elements } = this.#tableOf(name);
    const own = Object.entries(elements).map(([each, notation]) => readElement(each, notation));
    return base === undefined ? own : [...this.#elementsOf(base), ...own];
  }

  #inherits(name: string, from: string): boolean {
    const { base } = this.#tableOf(name);
    return base !== undefined && (base === from || this.#inherits(base, from));
  }

  #tableOf(name: string): TypeTable {
    const table = this.#types[name];
    if (table === undefined) throw new Error(`INVARIANT: the model has no type ${name}`);
    return table;
  }

  #addElement(owner: Building, element: NotedElement): void {
    for (const type of element.types) {
      const name = element.choice ? choiceName(element.name, type.name) : element.name;
      owner.elements.set(name, this.#elementOf(owner, element, type));
    }
  }

  #elementOf(owner: TypeModel, element: NotedElement, type: NotedType): ElementModel {
    const primitive = PRIMITIVES[type.name] ?? null;
    const complex = primitive === null && type.name !== 'Resource';
    const { name, list, required, choice, binding } = element;
    return {
      name,
      list,
      required,
      choice,
      typeName: type.name,
      primitive,
      type: complex ? this.type(type.name) : null,
      targets: type.targets === null ? null : new Set(type.targets),
      binding: binding === null ? null : this.#binding(binding),
      rules: rulesOf(`${owner.name}.${element.name}`, type.name),
    };
  }

  #binding(name: string): Binding {
    const table = this.#valueSets[name];
    if (table === undefined) throw new Error(`INVARIANT: there is no value set ${name}`);
    const binding = this.#bindings.get(name) ?? bindingOf(name, table);
    this.#bindings.set(name, binding);
    return binding;
  }
}
