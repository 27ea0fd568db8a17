import type { JsonObject } from '../../fhir/json.ts';
import { applyPatch } from '../../fhir/patch/patch.ts';
import { versionRefusal } from '../../fhir/version-condition.ts';
import { GONE, NOTHING_FOUND, type Problem, problem, problems } from '../../problem.ts';
import type { CareRecord, Entry } from '../../record/care-record.ts';
import type { Naming } from '../../record/naming.ts';
import type { OdsCode } from '../../record/ods-code.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { contentIssues } from '../check-content.ts';
import { entryIdOf } from '../place-resources.ts';
import { sourceIdentifier } from '../source-identifier.ts';
import type { ArrivingResource } from '../submission.ts';
import type { Criteria, CriteriaReading } from './criteria.ts';
import type { CreateEdit, DeleteEdit, Edit, PatchEdit, UpdateEdit } from './edit.ts';
import { EntryFinder } from './entry-finder.ts';
import { strangerIssues } from './whose-record.ts';

/** What a caller has to do with a record when they ask for a change. */
export interface Holdings {
  readonly current: CareRecord | null;
  readonly recordId: string;
  readonly organization: OdsCode;
  readonly naming: Naming;
  readonly reading: CriteriaReading;
  /** What the caller may see of the record, and what is gone for them. */
  readonly visible: readonly Entry[];
  readonly gone: readonly Entry[];
  /** The texts that `neededTexts` asks for, by entry id. */
  readonly stored: ReadonlyMap<string, JsonObject>;
}

/** What an edit comes to. */
export type Step =
  | {
      readonly does: 'write';
      readonly edit: Edit;
      readonly id: string;
      readonly content: ArrivingResource;
    }
  | { readonly does: 'withdraw'; readonly edit: Edit; readonly id: string; readonly entry: Entry }
  /** There is what was not to be created twice, or nothing that was to be deleted. */
  | { readonly does: 'nothing'; readonly edit: Edit; readonly entry: Entry | null };

/**
 * Finds what each edit is about. Fails with what FHIR says for each
 * (http://hl7.org/fhir/R4/http.html): `not-found` and `gone` for what the caller cannot see,
 * whatever there is; `forbidden` for what others recorded; `precondition-failed` for another
 * version and for several matches; `conflict` for an identifier that is taken; `invalid` for what a
 * patch makes of it.
 */
export function resolveEdits(edits: readonly Edit[], holdings: Holdings): Result<readonly Step[]> {
  const resolving = new Resolving(holdings);
  const steps: Step[] = [];
  for (const edit of edits) {
    const step = resolving.resolve(edit);
    if (!step.ok) return fail(placed(step.problem, edit));
    steps.push(step.value);
  }
  const doubled = overlapping(steps);
  return doubled === null ? succeed(steps) : fail(placed(OVERLAP, doubled));
}

class Resolving {
  readonly #holdings: Holdings;
  #finder: EntryFinder | null = null;

  constructor(holdings: Holdings) {
    this.#holdings = holdings;
  }

  resolve(edit: Edit): Result<Step> {
    switch (edit.action) {
      case 'create':
        return this.#create(edit);
      case 'update':
        return this.#update(edit);
      case 'patch':
        return this.#patch(edit);
      case 'delete':
        return this.#delete(edit);
    }
  }

  #create(edit: CreateEdit): Result<Step> {
    const match = edit.unless === null ? null : this.#matching(edit.unless);
    if (match !== null && !match.ok) return match;
    if (match !== null && match.value !== null) {
      return succeed({ does: 'nothing', edit, entry: match.value });
    }
    const id = this.#idFor(edit);
    // Others than the registered practice send a Patient only to say who it is.
    const { current, organization } = this.#holdings;
    const matters = edit.type !== 'Patient' || current?.practice === organization;
    if (matters && this.#isTaken(id)) return fail(TAKEN);
    return succeed({ does: 'write', edit, id, content: edit.content });
  }

  #update(edit: UpdateEdit): Result<Step> {
    const found = this.#target(edit);
    if (!found.ok) return found;
    const derived = this.#idFor(edit);
    const id = found.value?.id ?? this.#newId(edit, derived);
    if (id === null) return fail(NOTHING_FOUND);
    const { target, content } = edit;
    if (target.kind === 'criteria' && found.value !== null && isOtherId(content.resource, id)) {
      return fail(problem('malformed', 'value', OTHER_ID, `${content.at}.id`));
    }
    const refusal = versionRefusal(edit.ifMatch, found.value?.versionId ?? null);
    if (refusal !== null) return fail(refusal);
    if (derived !== id && this.#isTaken(derived)) return fail(TAKEN);
    return succeed({ does: 'write', edit, id, content });
  }

  /**
   * The id of an entry that an update creates: that of its identifier, or the one it was withdrawn
   * under. An id of the caller's own making leads nowhere.
   */
  #newId(edit: UpdateEdit, derived: string): string | null {
    const { target } = edit;
    if (target.kind === 'criteria') return derived;
    const { gone, organization } = this.#holdings;
    const withdrawn = gone.find((each) => each.id === target.id && each.type === edit.type);
    if (withdrawn?.recordedBy === organization) return target.id;
    return target.id === derived ? derived : null;
  }

  #patch(edit: PatchEdit): Result<Step> {
    const found = this.#target(edit);
    if (!found.ok) return found;
    const entry = found.value;
    if (entry === null) return fail(this.#isGone(edit) ? GONE : NOTHING_FOUND);
    const refusal = versionRefusal(edit.ifMatch, entry.versionId);
    if (refusal !== null) return fail(refusal);
    const stored = this.#holdings.stored.get(entry.id);
    if (stored === undefined) throw new Error('INVARIANT: the text of what is patched was read');
    const patched = applyPatch(stored, edit.patch);
    if (!patched.ok) return patched;
    const at = edit.at === '' ? edit.type : `${edit.at}.resource`;
    const references = [`${edit.type}/${entry.id}`];
    const content = { type: edit.type, resource: patched.value, references, at };
    const { recordId, reading } = this.#holdings;
    const issues = [
      ...contentIssues(patched.value, at),
      ...strangerIssues(content, recordId, reading),
    ];
    if (issues.length > 0) return fail(problems('invalid', issues));
    return succeed({ does: 'write', edit, id: entry.id, content });
  }

  #delete(edit: DeleteEdit): Result<Step> {
    const found = this.#target(edit);
    if (!found.ok) return found;
    const entry = found.value;
    const refusal = versionRefusal(edit.ifMatch, entry?.versionId ?? null);
    if (refusal !== null) return fail(refusal);
    if (entry === null) return succeed({ does: 'nothing', edit, entry });
    return succeed({ does: 'withdraw', edit, id: entry.id, entry });
  }

  /**
   * The entry that is meant, if it is there for the caller; `forbidden` when others recorded it.
   */
  #target({ target, type }: UpdateEdit | PatchEdit | DeleteEdit): Result<Entry | null> {
    const { visible, organization } = this.#holdings;
    if (target.kind === 'criteria') return this.#matching(target.criteria);
    const entry = visible.find((each) => each.id === target.id && each.type === type) ?? null;
    // Who may write a Patient is a question of registration, not of who wrote it last.
    const own = type === 'Patient' || entry?.recordedBy === organization;
    return entry === null || own ? succeed(entry) : fail(NOT_OWN);
  }

  #matching(criteria: Criteria): Result<Entry | null> {
    this.#finder ??= finderOf(this.#holdings);
    const [id, ...others] = this.#finder.find(criteria);
    if (others.length > 0) return fail(SEVERAL);
    return succeed(this.#holdings.visible.find((each) => each.id === id) ?? null);
  }

  #isGone({ target, type }: PatchEdit): boolean {
    const { gone } = this.#holdings;
    return target.kind === 'id' && gone.some((each) => each.id === target.id && each.type === type);
  }

  #isTaken(id: string): boolean {
    const { visible, organization } = this.#holdings;
    return visible.some((each) => each.id === id && each.recordedBy === organization);
  }

  #idFor({ type, content, freshKey }: CreateEdit | UpdateEdit): string {
    const { recordId, organization, naming } = this.#holdings;
    if (type === 'Patient') return recordId;
    const token = sourceIdentifier(content.resource);
    return entryIdOf(recordId, organization, token ? `${type}|${token}` : freshKey, naming);
  }
}

/** The entries that criteria are held against: the caller's own, and the Patient. */
export function ownEntries({
  visible,
  organization,
}: Pick<Holdings, 'visible' | 'organization'>): readonly Entry[] {
  return visible.filter((entry) => entry.type === 'Patient' || entry.recordedBy === organization);
}

/** Finds what criteria ask for among those entries, and other resources, by their ids here. */
export function finderOf(
  holdings: Holdings,
  others: ReadonlyMap<string, JsonObject> = new Map(),
): EntryFinder {
  const resources = new Map<string, JsonObject>();
  for (const { id } of ownEntries(holdings)) {
    const resource = holdings.stored.get(id);
    if (resource !== undefined) resources.set(id, resource);
  }
  for (const [id, resource] of others) resources.set(id, { ...resource, id });
  return new EntryFinder([...resources.values()], holdings.reading.naming.baseUrl);
}

function isOtherId(resource: JsonObject, id: string): boolean {
  return resource.id !== undefined && resource.id !== id;
}

/** An edit of what another one is about as well (R4, transactions: identities must not overlap). */
function overlapping(steps: readonly Step[]): Edit | null {
  const taken = new Set<string>();
  for (const step of steps) {
    if (step.does === 'nothing') continue;
    if (taken.has(step.id)) return step.edit;
    taken.add(step.id);
  }
  return null;
}

/** A problem with the place of the edit that it is about, where it does not name a place itself. */
export function placed(what: Problem, edit: Edit): Problem {
  if (edit.at === '') return what;
  const [first, ...rest] = what.issues.map((issue) => ({ expression: edit.at, ...issue }));
  return first === undefined ? what : { ...what, issues: [first, ...rest] };
}

const NOT_OWN = problem('forbidden', 'forbidden', 'Only who recorded an entry may change it.');
const OTHER_ID = 'The id is another one than that of the entry that meets the criteria.';
const TAKEN = problem(
  'conflict',
  'duplicate',
  'Your organisation has an entry with this identifier already: update it, or create it with If-None-Exist.',
);
const SEVERAL = problem(
  'precondition-failed',
  'duplicate',
  'Several entries meet the criteria; nothing was changed.',
);
const OVERLAP = problem(
  'malformed',
  'duplicate',
  'Another entry of the transaction is about the same resource.',
);
