import { isObject, type Json, type JsonObject } from '../fhir/json.ts';
import { ROWS } from './parameters.ts';
import { isSearchType, SEARCH_TYPES, type SearchType } from './search-types.ts';

/** How much of each resource is shown (http://hl7.org/fhir/R4/search.html#summary). */
export type Summary = 'true' | 'text' | 'data' | 'count' | 'false';

/** The values of `_summary`. */
export const SUMMARIES: readonly Summary[] = ['true', 'text', 'data', 'count', 'false'];

/** The tag of what is not all of a resource (http://hl7.org/fhir/R4/search.html#summary). */
export const SUBSETTED: JsonObject = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
};

/** What every cut leaves: who a resource is, and what would change the meaning of the rest. */
const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'];

/**
 * What is as good as mandatory: elements that change the meaning of the rest (an allergy that was
 * refuted is none), and the one of a Consent that its invariant ppc-1 asks for.
 */
const NEEDED: Readonly<Partial<Record<SearchType, readonly string[]>>> = {
  AllergyIntolerance: ['clinicalStatus', 'verificationStatus'],
  Condition: ['clinicalStatus', 'verificationStatus'],
  Consent: ['policy', 'policyRule'],
  Immunization: ['isSubpotent'],
  Medication: ['status'],
  MedicationRequest: ['doNotPerform'],
  Organization: ['active'],
  Patient: ['active', 'deceased[x]', 'link'],
};

/** Elements to keep: of a whole element null, else the parts of it to keep. */
type Kept = Map<string, Kept | null>;

/** Whether a value of `_summary` leaves parts of resources out. */
export function isSummary(summary: Summary): summary is 'true' | 'text' | 'data' {
  return summary !== 'false' && summary !== 'count';
}

/**
 * A resource as `_summary` shows it, marked as SUBSETTED; itself for `false` and `count`. Mandatory
 * elements stay.
 */
export function summarised(resource: JsonObject, summary: Summary): JsonObject {
  if (!isSummary(summary)) return resource;
  if (summary === 'data') return subset(resource, (name) => (name === 'text' ? 'cut' : 'whole'));
  const kept = KEPT.get(String(resource.resourceType))?.[summary];
  return kept === undefined ? resource : subset(resource, (name) => keptOf(kept, name));
}

const KEPT: ReadonlyMap<string, Readonly<Record<'true' | 'text', Kept>>> = new Map(
  SEARCH_TYPES.map((type) => [
    type,
    { true: inSummary(type), text: mandatory(type).set('text', null) },
  ]),
);

/**
 * A resource with these root elements alone, marked as SUBSETTED; mandatory ones stay
 * (http://hl7.org/fhir/R4/search.html#elements). A choice is named with or without its type.
 */
export function withElements(resource: JsonObject, names: readonly string[]): JsonObject {
  const type = String(resource.resourceType);
  const kept = isSearchType(type) ? mandatory(type) : new Map();
  for (const name of names) kept.set(name, null);
  return subset(resource, (name) => keptOf(kept, name));
}

/** The names that `_elements` takes: the root elements of any type, as those of included ones. */
export function isElementName(name: string): boolean {
  return SEARCH_TYPES.some((type) =>
    wordsOf(ROWS[type].elements).some((word) => {
      const element = word.replace('!', '');
      const base = element.replace('[x]', '');
      return name === element || name === base || (element !== base && isChoice(base, name));
    }),
  );
}

type Cut = Kept | 'whole' | 'cut';

function keptOf(kept: Kept, name: string): Cut {
  // What stands beside a primitive, such as `_birthDate`, goes with it.
  const element = name.startsWith('_') ? name.slice(1) : name;
  const direct = kept.get(element);
  if (direct !== undefined) return direct ?? 'whole';
  for (const [each, parts] of kept) {
    if (isChoice(each.replace('[x]', ''), element)) return parts ?? 'whole';
  }
  return 'cut';
}

/** Whether a JSON name is that of a choice: `valueQuantity` of `value`. */
function isChoice(base: string, name: string): boolean {
  const next = name[base.length];
  return name.startsWith(base) && next !== undefined && next >= 'A' && next <= 'Z';
}

function subset(resource: JsonObject, cutOf: (name: string) => Cut): JsonObject {
  const shown: Record<string, Json | undefined> = {};
  for (const name of Object.keys(resource)) {
    const cut = ALWAYS.includes(name) ? 'whole' : cutOf(name);
    if (cut !== 'cut') shown[name] = cut === 'whole' ? resource[name] : parts(resource[name], cut);
    if (name === 'id' && !('meta' in resource)) shown.meta = tagged(undefined);
  }
  return { ...shown, meta: tagged(resource.meta) };
}

function parts(value: Json | undefined, kept: Kept): Json | undefined {
  if (Array.isArray(value)) return value.map((each) => parts(each, kept) ?? null);
  if (!isObject(value)) return value;
  const shown: Record<string, Json | undefined> = {};
  for (const name of Object.keys(value)) {
    const cut = keptOf(kept, name);
    if (cut !== 'cut') shown[name] = cut === 'whole' ? value[name] : parts(value[name], cut);
  }
  return shown;
}

function tagged(meta: Json | undefined): JsonObject {
  const before = isObject(meta) ? meta : {};
  const tags: readonly Json[] = Array.isArray(before.tag) ? before.tag : [];
  const isMarked = tags.some(
    (tag) => isObject(tag) && tag.code === SUBSETTED.code && tag.system === SUBSETTED.system,
  );
  return isMarked ? before : { ...before, tag: [...tags, SUBSETTED] };
}

function mandatory(type: SearchType): Kept {
  const names = wordsOf(ROWS[type].elements).filter((word) => word.endsWith('!'));
  const needed = [...names.map((name) => name.slice(0, -1)), ...(NEEDED[type] ?? [])];
  return new Map(needed.map((name) => [name, null]));
}

/** What a summary keeps of a type: what R4 marks so, and what is mandatory. */
function inSummary(type: SearchType): Kept {
  const kept: Kept = new Map();
  for (const path of wordsOf(ROWS[type].summary)) keep(kept, path.split('.'));
  for (const [name] of mandatory(type)) if (!kept.has(name)) kept.set(name, null);
  return kept;
}

function keep(kept: Kept, [name = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) {
    kept.set(name, null);
    return;
  }
  const inside = kept.get(name) ?? new Map();
  kept.set(name, inside);
  keep(inside, rest);
}

function wordsOf(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}
