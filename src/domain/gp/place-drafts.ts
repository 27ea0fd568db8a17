import { objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { ourIdIn } from '../fhir/record-id.ts';
import { rewriteReferences, unversioned } from '../fhir/references.ts';
import type { RecordType } from '../fhir/resource-types.ts';
import type { Issue } from '../problem.ts';
import {
  labelsOf,
  literalReferencesOf,
  mentionsOf,
  referencesTold,
} from '../record/entry-facts.ts';
import { medicationFacts, statedPrescription } from '../record/medication-facts.ts';
import { type ChoiceContext, readChoice } from '../record/read-choice.ts';
import type { Draft, EntryFacts } from '../record/write-entry.ts';
import { odsCodeOf } from './registered-practice.ts';
import type { ArrivingResource } from './submission.ts';

/** What a reference leads to in the record. */
export interface Destination {
  readonly type: RecordType;
  readonly id: string;
}

/** A resource, and the id that it has or gets here. */
export interface Placing {
  readonly arriving: ArrivingResource;
  readonly id: string;
}

/** What references can lead to beside the resources that arrive together. */
export interface Surroundings {
  /** What a literal reference leads to in the record as it is; null when it leads nowhere. */
  destination(reference: string): Destination | null;
  /** Resources of the record that may be read for an organisation's code. */
  readonly resources: readonly ArrivingResource[];
  /** Literal references that are to lead elsewhere, beside those to what arrives. */
  readonly rewritten: ReadonlyMap<string, string>;
}

/** Nothing but what arrives. */
const NO_SURROUNDINGS: Surroundings = {
  destination: () => null,
  resources: [],
  rewritten: new Map(),
};

/** Resources under their ids here. */
export interface PlacedDrafts {
  /** In the order of the resources. */
  readonly drafts: readonly Draft[];
  /** What is wrong with Consents and Provenances, whose references can be followed only now. */
  readonly issues: readonly Issue[];
}

/**
 * Puts resources under their ids, makes every reference between them lead there, and works out what
 * each says for rules and searches.
 */
export function placeDrafts(
  placings: readonly Placing[],
  surroundings: Surroundings = NO_SURROUNDINGS,
): PlacedDrafts {
  const place = new Place(placings, surroundings);
  const drafts = placings.map((each) => place.draft(each));
  return { drafts, issues: place.issues };
}

class Place {
  readonly issues: Issue[] = [];
  readonly #surroundings: Surroundings;
  readonly #resources: readonly ArrivingResource[];
  /** Literal reference as sent → as it is here. */
  readonly #rewritten: Map<string, string>;
  /** Literal reference as it is here → what it leads to. */
  readonly #destinations = new Map<string, Destination>();

  constructor(placings: readonly Placing[], surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#rewritten = new Map(surroundings.rewritten);
    this.#resources = [...placings.map((each) => each.arriving), ...surroundings.resources];
    for (const { arriving, id } of placings) {
      const here = `${arriving.type}/${id}`;
      this.#destinations.set(here, { type: arriving.type, id });
      for (const reference of arriving.references) this.#rewritten.set(reference, here);
    }
  }

  draft({ arriving, id }: Placing): Draft {
    const { type } = arriving;
    const resource = rewriteReferences(arriving.resource, this.#rewritten);
    return { id, type, resource, facts: this.#facts(arriving, resource) };
  }

  #destination(reference: string): Destination | null {
    return this.#destinations.get(reference) ?? this.#surroundings.destination(reference);
  }

  #facts(arriving: ArrivingResource, resource: JsonObject): EntryFacts {
    const mentions = mentionsOf(resource);
    const targets = this.#targets(mentions.references);
    const codes = [...mentions.codes];
    const basedOn = this.#basedOn(arriving.type, resource);
    const prescription = statedPrescription(resource);
    const derives = basedOn.length > 0 || targets.some((target) => target.type === 'Medication');
    return {
      labels: labelsOf(resource),
      codes,
      refs: [...new Set(targets.map((target) => target.id))],
      ...(arriving.type === 'MedicationStatement' && { medication: medicationFacts(resource) }),
      ...(isPlan(arriving.type, resource) && { plan: prescription }),
      ...(derives && { stated: { codes, prescription, basedOn } }),
      ...this.#told(arriving, resource),
      ...this.#choice(arriving, resource),
    };
  }

  #targets(references: Iterable<string>): readonly Destination[] {
    const targets: Destination[] = [];
    for (const reference of references) {
      const target = this.#destination(reference);
      if (target !== null) targets.push(target);
    }
    return targets;
  }

  /** A Provenance tells of its organisation's entries alone: not of others', or other people. */
  #told({ type, at }: ArrivingResource, resource: JsonObject): Pick<EntryFacts, 'tellsOf'> {
    if (type !== 'Provenance') return {};
    const strays = literalReferencesOf(resource).some(
      (each) => ourIdIn(each) !== null && this.#destination(each) === null,
    );
    if (strays) this.issues.push({ code: 'invariant', diagnostics: STRAYS, expression: at });
    const told = this.#targets(referencesTold(resource));
    return { tellsOf: [...new Set(told.map((target) => target.id))] };
  }

  #basedOn(type: RecordType, resource: JsonObject): readonly string[] {
    if (type !== 'MedicationStatement') return [];
    return objectsAt(resource, 'basedOn')
      .map((each) => this.#destination(unversioned(textAt(each, 'reference') ?? '')))
      .filter((target) => target?.type === 'MedicationRequest')
      .map((target) => target?.id ?? '');
  }

  #choice(arriving: ArrivingResource, resource: JsonObject): Pick<EntryFacts, 'choice'> {
    if (arriving.type !== 'Consent') return {};
    const { choice, issues } = readChoice(resource, arriving.at, this.#choiceContext(arriving));
    this.issues.push(...issues);
    return choice === null ? {} : { choice };
  }

  #choiceContext(arriving: ArrivingResource): ChoiceContext {
    return {
      // The Organization references of a Consent are read as they were sent.
      organization: () => {
        const [sent] = objectsAt(arriving.resource, 'organization');
        return sent === undefined ? null : odsCodeOf(sent, this.#resources);
      },
      entry: (reference) => {
        const literal = unversioned(textAt(reference, 'reference') ?? '');
        return this.#destination(literal)?.id ?? null;
      },
    };
  }
}

function isPlan(type: RecordType, resource: JsonObject): boolean {
  return type === 'MedicationRequest' && resource.intent === 'plan';
}

const STRAYS =
  'A Provenance may refer to the Patient, and to entries of this record that your organisation recorded; this refers to something else.';
