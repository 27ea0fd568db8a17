import type { Instant } from '../../fhir/instant.ts';
import { problem, problems } from '../../problem.ts';
import type { Entry } from '../../record/care-record.ts';
import type { OdsCode } from '../../record/ods-code.ts';
import { type EditedRecord, type Making, RecordEdit } from '../../record/record-edit.ts';
import type { Draft } from '../../record/write-entry.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { nextHead, unregisteredPatient, withdrawLeft } from '../next-head.ts';
import { type Destination, placeDrafts, type Surroundings } from '../place-drafts.ts';
import { registeredPractice } from '../registered-practice.ts';
import { type Standing, type Submitter, standingOf } from '../standing.ts';
import type { ArrivingResource } from '../submission.ts';
import { conditionalReferences } from './conditional-references.ts';
import type { Edit } from './edit.ts';
import { relativeUrl } from './relative-url.ts';
import { type Holdings, ownEntries, placed, resolveEdits, type Step } from './resolve-edits.ts';

/** Everything that edits are decided by. */
export interface EditSituation {
  readonly holdings: Holdings;
  /** The patient's NHS number, where what was sent says it. */
  readonly nhsNumber: string | null;
  readonly submitter: Submitter;
  /** `Bundle.timestamp` of a transaction; null when there is none. */
  readonly timestamp: Instant | null;
  readonly making: Making;
  /** Whether an entry is hidden until it is written anew, were it as it is. */
  mustRenew(entry: Entry): boolean;
}

/** What one edit came to; `entry` null where there is none to show. */
export interface EditOutcome {
  readonly edit: Edit;
  readonly result: 'created' | 'updated' | 'unchanged' | 'withdrawn' | 'existing' | 'identified';
  readonly entry: Entry | null;
}

/** What some edits make of a record. */
export interface EditsMade {
  /** Null when nothing changes. */
  readonly edited: EditedRecord | null;
  /** One for each edit, in their order. */
  readonly outcomes: readonly EditOutcome[];
  /** The practice that the patient has left by this; null otherwise. */
  readonly leftPractice: OdsCode | null;
}

/** FHIR's order inside a transaction (http://hl7.org/fhir/R4/http.html#trules). */
const ORDER: Readonly<Record<Edit['action'], number>> = {
  delete: 0,
  create: 1,
  update: 2,
  patch: 2,
};

/**
 * Makes edits to one record, all or none: a submission of parts (contract, section 3), with the
 * standing, the ids and the facts of a whole one. Fails as `resolveEdits` and `standingOf` do;
 * `invalid` for a patient whom the caller cannot name by id; `forbidden` for a Patient by anybody
 * but the practice that it names as registered.
 */
export function applyEdits(edits: readonly Edit[], situation: EditSituation): Result<EditsMade> {
  const { holdings, submitter, making } = situation;
  const order = [...edits].sort((one, other) => ORDER[one.action] - ORDER[other.action]);
  const resolved = resolveEdits(order, holdings);
  if (!resolved.ok) return resolved;
  const steps = resolved.value;
  if (steps.every((step) => step.does === 'nothing')) return succeed(nothingDone(edits, steps));
  const practice = practiceNamed(steps, holdings);
  const stated = { practice, timestamp: situation.timestamp };
  const standing = standingOf(holdings.current, stated, submitter, making.now);
  if (!standing.ok) return standing;
  const stray = strayPatient(steps, standing.value);
  if (stray !== null) return fail(placed(NOT_REGISTERED, stray));
  const nhsNumber = numberOf(situation);
  if (nhsNumber === null) return fail(UNKNOWN_PATIENT);
  const drafts = draftsOf(steps, situation);
  if (!drafts.ok) return drafts;
  return succeed(carryOut(edits, steps, drafts.value, standing.value, { ...situation, nhsNumber }));
}

/** A record that the caller cannot see is one that they must name by NHS number. */
function numberOf({ holdings, nhsNumber }: EditSituation): string | null {
  const known = holdings.visible.length > 0 ? holdings.current?.nhsNumber : undefined;
  return known ?? nhsNumber;
}

function practiceNamed(steps: readonly Step[], holdings: Holdings): OdsCode | null {
  const contents = steps.flatMap((step) => (step.does === 'write' ? [step.content] : []));
  const patient = contents.find((each) => each.type === 'Patient');
  if (patient === undefined) return null;
  return registeredPractice(patient, [...contents, ...storedOrganizations(holdings)]);
}

function storedOrganizations(holdings: Holdings): readonly ArrivingResource[] {
  const own = ownEntries(holdings).filter((entry) => entry.type === 'Organization');
  return own.flatMap((entry) => {
    const resource = holdings.stored.get(entry.id);
    const references = [`Organization/${entry.id}`];
    return resource ? [{ type: 'Organization', resource, references, at: '' } as const] : [];
  });
}

/**
 * An edit of the Patient by who is not the registered practice. Beside entries of their own a new
 * Patient only says who those are about, as in a submission.
 */
function strayPatient(steps: readonly Step[], { registers }: Standing): Edit | null {
  if (registers) return null;
  const written = steps.filter((step) => step.does === 'write');
  const patient = written.find((step) => step.edit.type === 'Patient');
  if (patient === undefined) return null;
  const identifies = patient.edit.action === 'create' && written.length > 1;
  return identifies ? null : patient.edit;
}

function draftsOf(
  steps: readonly Step[],
  { holdings }: EditSituation,
): Result<ReadonlyMap<string, Draft>> {
  const conditional = conditionalReferences(steps, holdings);
  if (!conditional.ok) return conditional;
  const written = steps.filter((step) => step.does === 'write');
  const placings = written.map((step) => ({ arriving: step.content, id: step.id }));
  const surroundings: Surroundings = {
    destination: destinationsIn(holdings),
    resources: storedOrganizations(holdings),
    rewritten: conditional.value,
  };
  const { drafts, issues } = placeDrafts(placings, surroundings);
  if (issues.length > 0) return fail(problems('invalid', issues));
  return succeed(new Map(drafts.map((draft) => [draft.id, draft])));
}

/** What references lead to among the caller's own entries, the Patient included. */
function destinationsIn({
  current,
  organization,
  reading,
}: Holdings): (reference: string) => Destination | null {
  const byId = new Map(current?.entries.map((entry) => [entry.id, entry]));
  return (reference) => {
    const [type = '', id = ''] = relativeUrl(reference, reading.naming.baseUrl).split('/');
    const entry = byId.get(id);
    if (entry === undefined || entry.type !== type) return null;
    const isReachable = entry.type === 'Patient' || entry.recordedBy === organization;
    return isReachable ? { type: entry.type, id } : null;
  };
}

function carryOut(
  edits: readonly Edit[],
  steps: readonly Step[],
  drafts: ReadonlyMap<string, Draft>,
  standing: Standing,
  situation: EditSituation & { readonly nhsNumber: string },
): EditsMade {
  const { holdings, nhsNumber, submitter, making } = situation;
  const { current, recordId } = holdings;
  const { organization } = submitter;
  const edit = new RecordEdit(current, organization, making);
  const results = new Map<Edit, EditOutcome['result']>();
  const identity = { recordId, nhsNumber };
  if (current === null && !standing.registers) edit.put(unregisteredPatient(identity));
  for (const step of steps) {
    results.set(step.edit, take(edit, step, drafts, standing, situation));
  }
  withdrawLeft(edit, standing);
  const patient = standing.registers ? (drafts.get(recordId)?.resource ?? null) : null;
  const change = { identity, organization, standing, acceptedAt: null, extract: null, patient };
  const edited = edit.finish(nextHead(current, change));
  const byId = new Map(edited.record.entries.map((entry) => [entry.id, entry]));
  const steppedOn = new Map(steps.map((step) => [step.edit, step]));
  const outcomes = edits.map((each): EditOutcome => {
    const step = steppedOn.get(each);
    const result = results.get(each) ?? 'unchanged';
    const id = step === undefined || step.does === 'nothing' ? step?.entry?.id : step.id;
    const shown = result !== 'withdrawn' && id !== undefined;
    return { edit: each, result, entry: shown ? (byId.get(id) ?? null) : null };
  });
  const nothing = edited.changed.length === 0;
  return { edited: nothing ? null : edited, outcomes, leftPractice: standing.leaves };
}

function take(
  edit: RecordEdit,
  step: Step,
  drafts: ReadonlyMap<string, Draft>,
  { registers }: Standing,
  { mustRenew }: EditSituation,
): EditOutcome['result'] {
  switch (step.does) {
    case 'nothing':
      return step.entry === null ? 'withdrawn' : 'existing';
    case 'withdraw':
      edit.withdraw([step.entry]);
      return 'withdrawn';
    case 'write': {
      if (step.edit.type === 'Patient' && !registers) return 'identified';
      const draft = drafts.get(step.id);
      if (draft === undefined) throw new Error('INVARIANT: what is written has a draft');
      const previous = edit.entry(step.id);
      const renew = previous !== undefined && mustRenew(previous);
      return edit.put(draft, { renew });
    }
  }
}

function nothingDone(edits: readonly Edit[], steps: readonly Step[]): EditsMade {
  const found = new Map(steps.map((step) => [step.edit, step]));
  const outcomes = edits.map((edit): EditOutcome => {
    const step = found.get(edit);
    const entry = step?.does === 'nothing' ? step.entry : null;
    return { edit, result: entry === null ? 'withdrawn' : 'existing', entry };
  });
  return { edited: null, outcomes, leftPractice: null };
}

const UNKNOWN_PATIENT = problem(
  'invalid',
  'not-found',
  'This names no Patient whom you can see: name them by NHS number, or send their Patient along.',
);
const NOT_REGISTERED = problem(
  'forbidden',
  'forbidden',
  'A Patient is written by the practice that it names as registered; others send one only along with entries of their own.',
);
