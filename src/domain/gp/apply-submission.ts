import type { JsonObject } from '../fhir/json.ts';
import { NHS_NUMBER } from '../fhir/systems.ts';
import { problem, problems } from '../problem.ts';
import type { CareRecord, Entry, Fragment, OdsCode } from '../record/care-record.ts';
import { demographicTerms } from '../record/demographic-terms.ts';
import type { Naming } from '../record/naming.ts';
import { Packer } from '../record/pack.ts';
import type { SubmissionAnswer } from '../record/receipt.ts';
import { type Draft, type Writing, withdrawEntry, writeEntry } from '../record/write-entry.ts';
import { fail, type Result, succeed } from '../result.ts';
import { placeResources } from './place-resources.ts';
import { type Standing, type Submitter, standingOf } from './standing.ts';
import type { Submission } from './submission.ts';

/** What a submission makes of a record: the next version, and what changed. */
export interface Change {
  readonly record: CareRecord;
  readonly fragments: readonly Fragment[];
  readonly answer: SubmissionAnswer;
  /** The entries that were created, updated or withdrawn. */
  readonly changed: readonly Entry[];
  /** The practice that the patient has left by this submission; null otherwise. */
  readonly leftPractice: OdsCode | null;
}

/** Time and ids, as arguments. */
export interface Making {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly naming: Naming;
  freshId(): string;
}

/**
 * Replaces a submitter's earlier extract (contract, section 3): matched entries keep their ids,
 * changed ones get a new version, missing ones are withdrawn, unchanged ones keep their version.
 * Consents are added and updated, never withdrawn by their absence.
 */
export function applySubmission(
  current: CareRecord | null,
  submission: Submission,
  submitter: Submitter,
  making: Making,
): Result<Change> {
  const standing = standingOf(current, submission, submitter, making.now);
  if (!standing.ok) return standing;
  const recordId = making.naming.recordId(submission.nhsNumber);
  const placed = placeResources(submission, submitter.organization, recordId, making.naming);
  if (placed.issues.length > 0) return fail(problems('invalid', placed.issues));
  const stray = placed.others.find((each) =>
    strayChoice(each, submitter, standing.value, recordId),
  );
  if (stray !== undefined) {
    const words = 'A choice must be about the organisation that submits it.';
    return fail(problem('forbidden', 'forbidden', words, 'Consent.organization'));
  }
  const replacing = new Replacing(current, submission, submitter, standing.value, making, recordId);
  return succeed(replacing.change(placed.patient, placed.others));
}

/** Choices of the registered practice's families come from it alone, all others from their owner. */
function strayChoice(
  draft: Draft,
  submitter: Submitter,
  standing: Standing,
  recordId: string,
): boolean {
  const choice = draft.facts.choice;
  if (choice === undefined) return false;
  const practiceOnly = choice.policy.startsWith('scr-') || PRACTICE_POLICIES.has(choice.policy);
  if (practiceOnly && !standing.registers) return true;
  // Of all that a submission can name, only the Patient may be another organisation's.
  if (choice.names.includes(recordId) && !standing.registers) return true;
  return choice.organization !== submitter.organization;
}

const PRACTICE_POLICIES: ReadonlySet<string> = new Set(['view', 'secondary-use']);

class Replacing {
  readonly #counts = { created: 0, updated: 0, unchanged: 0, withdrawn: 0 };
  readonly #changed: Entry[] = [];
  readonly #entries: Map<string, Entry>;
  readonly #packer: Packer;
  readonly #writing: Writing;
  readonly #current: CareRecord | null;
  readonly #submission: Submission;
  readonly #submitter: Submitter;
  readonly #standing: Standing;
  readonly #recordId: string;

  constructor(
    current: CareRecord | null,
    submission: Submission,
    submitter: Submitter,
    standing: Standing,
    making: Making,
    recordId: string,
  ) {
    this.#current = current;
    this.#submission = submission;
    this.#submitter = submitter;
    this.#standing = standing;
    this.#recordId = recordId;
    this.#packer = new Packer(making.freshId);
    this.#entries = new Map(current?.entries.map((entry) => [entry.id, entry]));
    this.#writing = {
      organization: submitter.organization,
      now: new Date(making.now).toISOString(),
      version: (current?.version ?? 0) + 1,
      naming: making.naming,
      packer: this.#packer,
    };
  }

  change(patient: Draft, others: readonly Draft[]): Change {
    this.#writePatient(patient);
    for (const draft of others) this.#write(draft, true);
    this.#withdrawMissing(new Set(others.map((draft) => draft.id)));
    const record = this.#record(patient);
    const source = record.sources[this.#submitter.organization];
    return {
      record,
      fragments: this.#packer.fragments(),
      answer: { ...this.#counts, version: source?.version ?? 0, patient: this.#recordId },
      changed: this.#changed,
      leftPractice: this.#standing.leaves,
    };
  }

  /** The registered practice's Patient is shown; anybody else's only says who it is about. */
  #writePatient(patient: Draft): void {
    if (this.#standing.registers) this.#write(patient, true);
    else if (!this.#entries.has(this.#recordId)) this.#write(this.#unregistered(patient), false);
  }

  #unregistered(patient: Draft): Draft {
    const identifier = [{ system: NHS_NUMBER, value: this.#submission.nhsNumber }];
    const resource: JsonObject = { resourceType: 'Patient', id: this.#recordId, identifier };
    return { ...patient, resource, facts: { labels: [], codes: [], refs: [] } };
  }

  #write(draft: Draft, counts: boolean): void {
    const { entry, change } = writeEntry(draft, this.#entries.get(draft.id), this.#writing);
    this.#entries.set(draft.id, entry);
    if (counts) this.#counts[change]++;
    if (change !== 'unchanged') this.#changed.push(entry);
  }

  #withdrawMissing(present: ReadonlySet<string>): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.withdrawn || entry.type === 'Patient' || entry.type === 'Consent') continue;
      const own = entry.recordedBy === this.#submitter.organization;
      const left = entry.recordedBy === this.#standing.leaves;
      if (!(own && !present.has(entry.id)) && !left) continue;
      const withdrawn = withdrawEntry(entry, this.#writing);
      this.#entries.set(entry.id, withdrawn);
      this.#changed.push(withdrawn);
      this.#counts.withdrawn++;
    }
  }

  #record(patient: Draft): CareRecord {
    const { organization } = this.#submitter;
    const { timestamp, registers, leaves } = this.#standing;
    const before = this.#current;
    const version = (before?.sources[organization]?.version ?? 0) + 1;
    const former = (before?.formerPractices ?? []).filter((each) => each !== organization);
    return {
      id: this.#recordId,
      nhsNumber: this.#submission.nhsNumber,
      version: this.#writing.version,
      committedAt: this.#writing.now,
      practice: registers ? organization : (before?.practice ?? null),
      registeredAt: this.#registeredAt(),
      formerPractices: leaves === null ? (before?.formerPractices ?? []) : [...former, leaves],
      dissentSeenAt: before?.dissentSeenAt ?? null,
      sources: {
        ...before?.sources,
        [organization]: { version, timestamp, acceptedAt: this.#writing.now },
      },
      terms: registers ? demographicTerms(patient.resource) : (before?.terms ?? []),
      entries: [...this.#entries.values()],
    };
  }

  #registeredAt(): string | null {
    const { registers, timestamp } = this.#standing;
    const already = this.#current?.practice === this.#submitter.organization;
    return registers && !already ? timestamp : (this.#current?.registeredAt ?? null);
  }
}
