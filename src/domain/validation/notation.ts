/** An element as `model.json` has it: `1..1 CodeableConcept | Reference(Medication) @binding`. */
export interface NotedElement {
  /** The FHIRPath name; of a choice without its `[x]`. */
  readonly name: string;
  readonly required: boolean;
  readonly list: boolean;
  readonly choice: boolean;
  readonly types: readonly NotedType[];
  readonly binding: string | null;
}

/** One type that an element may have, and what its references may lead to; null for anything. */
export interface NotedType {
  readonly name: string;
  readonly targets: readonly string[] | null;
}

const ELEMENT = /^([01])\.\.([1*]) (.+?)(?: @(\S+))?$/;
const TYPE = /^([^(]+)(?:\((.+)\))?$/;

/** Reads an element of `model.json`; throws where it is written otherwise. */
export function readElement(name: string, notation: string): NotedElement {
  const [, min, max, types = '', binding] = ELEMENT.exec(notation) ?? [];
  if (min === undefined) throw new Error(`INVARIANT: ${name} is not written as an element`);
  return {
    name: name.replace('[x]', ''),
    required: min === '1',
    list: max === '*',
    choice: name.endsWith('[x]'),
    types: types.split(' | ').map(readType),
    binding: binding ?? null,
  };
}

function readType(notation: string): NotedType {
  const [, name = '', targets] = TYPE.exec(notation) ?? [];
  return { name, targets: targets?.split('|') ?? null };
}

/** The JSON name of a choice of this type: `medication` and `CodeableConcept` give one word. */
export function choiceName(name: string, type: string): string {
  // R4 names a choice for the type that a profile such as SimpleQuantity constrains.
  const suffix = type === 'SimpleQuantity' ? 'Quantity' : type;
  return name + suffix.charAt(0).toUpperCase() + suffix.slice(1);
}
