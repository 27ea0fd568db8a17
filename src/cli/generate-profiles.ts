import type { Json } from '../domain/fhir/json.ts';
import type { ElementModel, Model, TypeModel } from '../domain/validation/model.ts';
import { choiceName } from '../domain/validation/notation.ts';
import type { ConstraintTable, ProfileTable } from '../domain/validation/profiles.ts';
import type { ElementDefinition, StructureDefinition } from './generate-definitions.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';

type Writable<T> = { -readonly [name in keyof T]: T[name] };
type Node = Omit<Writable<ConstraintTable>, 'elements' | 'slices'> & {
  elements?: Record<string, Node>;
  slices?: Record<string, Node & { match: Record<string, Json> }>;
};

/**
 * Our profiles as tables: the differentials alone, since profiles only constrain. Throws for what
 * the walk cannot check, so that no profile promises more than is done.
 */
export function generateProfiles(
  profiles: readonly StructureDefinition[],
  model: Model,
  valueSets: Map<string, string>,
): Readonly<Record<string, ProfileTable>> {
  const urls = new Set(profiles.map(({ url }) => url));
  const sorted = [...profiles].sort((a, b) => (a.url < b.url ? -1 : 1));
  return Object.fromEntries(
    sorted.map((each) => {
      const base = urls.has(each.baseDefinition ?? '') ? each.baseDefinition : undefined;
      const writer = new ProfileWriter(each, model, valueSets);
      const { elements } = writer.write();
      return [each.url, { type: each.type, ...(base === undefined ? {} : { base }), elements }];
    }),
  );
}

class ProfileWriter {
  readonly #profile: StructureDefinition;
  readonly #model: Model;
  readonly #valueSets: Map<string, string>;
  readonly #root: Node = {};
  readonly #discriminators = new Map<string, readonly string[]>();

  constructor(profile: StructureDefinition, model: Model, valueSets: Map<string, string>) {
    this.#profile = profile;
    this.#model = model;
    this.#valueSets = valueSets;
  }

  write(): { readonly elements: Record<string, ConstraintTable> } {
    const [root, ...elements] = this.#profile.differential.element;
    if (root?.id !== this.#profile.type) throw this.#fault('must begin with its root');
    if (this.#profile.type === 'Extension') this.#fixUrl();
    for (const each of elements) this.#add(each);
    this.#match(this.#root, this.#profile.type);
    prune(this.#root);
    return { elements: (this.#root.elements ?? {}) as Record<string, ConstraintTable> };
  }

  /** What every definition of an extension says of itself. */
  #fixUrl(): void {
    this.#root.elements = { url: { fixed: this.#profile.url } };
  }

  #add(element: ElementDefinition): void {
    const node = this.#nodeAt(element.id);
    const { slicing, min, max, type, binding, constraint } = element;
    if (slicing !== undefined) this.#slicing(element);
    const isSlice = element.sliceName !== undefined;
    if (min !== undefined && (isSlice || min > this.#minInR4(element.id))) node.min = min;
    if (max !== undefined && max !== '*') node.max = Number(max);
    for (const [name, value] of Object.entries(element)) {
      if (name.startsWith('fixed')) node.fixed = value as Json;
      if (name.startsWith('pattern')) node.pattern = value as Json;
    }
    if (type !== undefined) this.#types(node, element);
    if (binding?.strength === 'required') this.#bind(node, binding.valueSet ?? '');
    if (constraint !== undefined) throw this.#fault(`has a constraint at ${element.id}`);
  }

  #slicing({ id, slicing }: ElementDefinition): void {
    const paths = (slicing?.discriminator ?? []).map(({ type, path }) => {
      if (type === 'value' || type === 'pattern') return path;
      if (type === 'type' && path === 'resource') return 'resource.resourceType';
      throw this.#fault(`slices ${id} by ${type}`);
    });
    this.#discriminators.set(id, paths);
  }

  #types(node: Node, { id, type = [] }: ElementDefinition): void {
    if (id.endsWith('.resource') || id.endsWith('.contained')) {
      node.resources = Object.fromEntries(type.map((each) => [each.code, each.profile?.[0] ?? '']));
      return;
    }
    const [only, ...others] = type;
    if (only?.code === 'Extension' && only.profile !== undefined) {
      node.elements = { ...node.elements, url: { fixed: only.profile[0] ?? '' } };
    }
    if (id.endsWith('[x]')) {
      node.choices = type.map(({ code }) => choiceName(nameOf(id), code)).join(' ');
    }
    const targets = type.flatMap(({ targetProfile = [] }) =>
      targetProfile.map((url) => this.#typeOf(url)),
    );
    if (targets.length > 0 && others.length > 0)
      throw this.#fault(`has targets of a choice at ${id}`);
    if (targets.length > 0) node.targets = targets.join(' ');
  }

  #typeOf(url: string): string {
    const name = url.startsWith(R4) ? url.slice(R4.length) : /scr-(\w+)$/.exec(url)?.[1];
    if (name === undefined || !this.#model.resourceTypes.has(name)) {
      throw this.#fault(`refers to ${url}`);
    }
    return name;
  }

  #bind(node: Node, valueSet: string): void {
    const url = valueSet.split('|')[0] ?? '';
    const name = url.slice(url.lastIndexOf('/') + 1);
    if ((this.#valueSets.get(name) ?? url) !== url) throw this.#fault(`has two sets named ${name}`);
    this.#valueSets.set(name, url);
    node.binding = name;
  }

  /** The node of an element id such as `Patient.identifier:nhsNumber.system`, made where needed. */
  #nodeAt(id: string): Node {
    const [, ...segments] = id.split('.');
    let node = this.#root;
    let type = this.#model.types.get(this.#profile.type) ?? null;
    for (const segment of segments) {
      const [name = '', slice] = segment.split(':');
      const element = this.#elementNamed(type, name, id);
      node.elements ??= {};
      node.elements[name] ??= element?.list === true ? { list: true } : {};
      const child: Node = node.elements[name];
      type = element?.type ?? null;
      node = slice === undefined ? child : sliceOf(child, slice);
    }
    return node;
  }

  /** The element of R4 that an id is about; null below a choice, which may be of several types. */
  #elementNamed(type: TypeModel | null, name: string, id: string): ElementModel | null {
    if (type === null) return null;
    const found = type.elements.get(name) ?? choiceNamed(type, name.replace('[x]', ''));
    if (found === null) throw this.#fault(`has an element that R4 does not have, ${id}`);
    return found;
  }

  #minInR4(id: string): 0 | 1 {
    const [, ...segments] = id.split('.');
    let type = this.#model.types.get(this.#profile.type) ?? null;
    let element: ElementModel | null = null;
    for (const segment of segments) {
      element = this.#elementNamed(type, segment.replace(/:.*/, ''), id);
      type = element?.type ?? null;
    }
    return element?.required === true ? 1 : 0;
  }

  /** Gives every slice what tells its values, from what is fixed in it at the discriminator. */
  #match(node: Node, id: string): void {
    for (const [name, child] of Object.entries(node.elements ?? {})) {
      const childId = `${id}.${name}`;
      for (const [slice, each] of Object.entries(child.slices ?? {})) {
        const sliceId = `${childId}:${slice}`;
        for (const path of this.#pathsOf(childId, name))
          each.match[path] = this.#valueAt(each, path, sliceId);
        this.#match(each, sliceId);
      }
      this.#match(child, childId);
    }
  }

  #pathsOf(id: string, name: string): readonly string[] {
    const paths = this.#discriminators.get(id);
    // R4 slices extensions by their URLs, whether a profile says so or not.
    if (paths === undefined && /^(?:modifierE|e)xtension$/.test(name)) return ['url'];
    if (paths === undefined || paths.length === 0)
      throw this.#fault(`has no discriminator at ${id}`);
    return paths;
  }

  #valueAt(slice: Node, path: string, id: string): Json {
    if (path === 'resource.resourceType') {
      const [type] = Object.keys(slice.elements?.resource?.resources ?? {});
      if (type === undefined) throw this.#fault(`gives no type of resource in ${id}`);
      return type;
    }
    let node: Node | undefined = slice;
    for (const name of path.split('.')) node = node?.elements?.[name];
    const value = node?.fixed ?? node?.pattern;
    if (value === undefined) throw this.#fault(`gives no value at ${path} in ${id}`);
    return value;
  }

  #fault(words: string): Error {
    return new Error(`The profile ${this.#profile.url} ${words}`);
  }
}

function choiceNamed(type: TypeModel, name: string): ElementModel | null {
  return [...type.elements.values()].find((each) => each.choice && each.name === name) ?? null;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1).replace('[x]', '');
}

function sliceOf(node: Node, name: string): Node {
  node.slices ??= {};
  node.slices[name] ??= { match: {} };
  return node.slices[name];
}

/** Leaves out what asks nothing: elements that are named only for their documentation. */
function prune(node: Node): void {
  for (const [name, child] of Object.entries(node.elements ?? {})) {
    prune(child);
    for (const slice of Object.values(child.slices ?? {})) prune(slice);
    const asks = Object.keys(child).filter((each) => each !== 'list');
    if (asks.length === 0) delete node.elements?.[name];
  }
  if (Object.keys(node.elements ?? {}).length === 0) delete node.elements;
}
