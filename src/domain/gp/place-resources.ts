import { objectsAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { rewriteReferences, unversioned } from '../fhir/references.ts';
import type { Issue } from '../problem.ts';
import type { Entry, OdsCode } from '../record/care-record.ts';
import { clinicalCodesOf, labelsOf, literalReferencesOf } from '../record/entry-facts.ts';
import { medicationFacts } from '../record/medication-facts.ts';
import type { Naming } from '../record/naming.ts';
import { type ChoiceContext, readChoice } from '../record/read-choice.ts';
import type { Draft } from '../record/write-entry.ts';
import { odsCodeOf } from './registered-practice.ts';
import type { Submission, SubmittedResource } from './submission.ts';

/** A submission's resources under their ids here, the Patient first. */
export interface Placed {
  readonly patient: Draft;
  readonly others: readonly Draft[];
  /** What is wrong with the Consents, which can be read only now. */
  readonly issues: readonly Issue[];
}

/** Gives every resource its id, and makes every reference inside the Bundle lead to it. */
export function placeResources(
  submission: Submission,
  organization: OdsCode,
  recordId: string,
  naming: Naming,
): Placed {
  const place = new Place(submission, organization, recordId, naming);
  const others = submission.resources.map((each) => place.draft(each));
  return { patient: place.draft(submission.patient), others, issues: place.issues };
}

class Place {
  readonly issues: Issue[] = [];
  readonly #submission: Submission;
  readonly #ids = new Map<SubmittedResource, string>();
  /** Literal reference as sent → as it is here. */
  readonly #destinations = new Map<string, string>();
  /** Literal reference as it is here → what it leads to, as sent. */
  readonly #targets = new Map<string, SubmittedResource>();

  constructor(submission: Submission, organization: OdsCode, recordId: string, naming: Naming) {
    this.#submission = submission;
    this.#put(submission.patient, recordId);
    for (const each of submission.resources) {
      this.#put(each, naming.entryId(recordId, `${organization}|${each.key}`));
    }
  }

  draft(each: SubmittedResource): Draft {
    const id = this.#idOf(each);
    const resource = rewriteReferences(each.resource, this.#destinations);
    return { id, type: each.type, resource, facts: this.#facts(each, resource) };
  }

  #put(each: SubmittedResource, id: string): void {
    this.#ids.set(each, id);
    this.#targets.set(`${each.type}/${id}`, each);
    for (const reference of each.references) {
      this.#destinations.set(reference, `${each.type}/${id}`);
    }
  }

  #idOf(each: SubmittedResource): string {
    const id = this.#ids.get(each);
    if (id === undefined) throw new Error('INVARIANT: every submitted resource has a place');
    return id;
  }

  #facts(each: SubmittedResource, resource: JsonObject): Draft['facts'] {
    const targets = literalReferencesOf(resource)
      .map((reference) => this.#targets.get(reference))
      .filter((target) => target !== undefined);
    const medications = targets.filter((target) => target.type === 'Medication');
    return {
      labels: labelsOf(resource),
      codes: clinicalCodesOf(resource, ...medications.map((target) => target.resource)),
      refs: targets.map((target) => this.#idOf(target)),
      ...this.#medication(each, resource),
      ...this.#choice(each, resource),
    };
  }

  #medication(each: SubmittedResource, resource: JsonObject): Pick<Entry, 'medication'> {
    if (each.type !== 'MedicationStatement') return {};
    const plans = objectsAt(resource, 'basedOn')
      .map((reference) => this.#targets.get(unversioned(textAt(reference, 'reference') ?? '')))
      .filter((target) => target?.type === 'MedicationRequest' && target.resource.intent === 'plan')
      .map((target) => target?.resource ?? {});
    return { medication: medicationFacts(resource, plans) };
  }

  #choice(each: SubmittedResource, resource: JsonObject): Pick<Entry, 'choice'> {
    if (each.type !== 'Consent') return {};
    const { choice, issues } = readChoice(resource, each.at, this.#choiceContext(each));
    this.issues.push(...issues);
    return choice === null ? {} : { choice };
  }

  #choiceContext(each: SubmittedResource): ChoiceContext {
    return {
      // The Organization references of a Consent are read as they were sent.
      organization: () => {
        const [sent] = objectsAt(each.resource, 'organization');
        return sent === undefined ? null : odsCodeOf(sent, this.#submission.resources);
      },
      entry: (reference) => {
        const target = this.#targets.get(unversioned(textAt(reference, 'reference') ?? ''));
        return target === undefined ? null : this.#idOf(target);
      },
    };
  }
}
