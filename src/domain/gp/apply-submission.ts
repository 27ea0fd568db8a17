import { problem, problems } from '../problem.ts';
import type { CareRecord, ExtractMark } from '../record/care-record.ts';
import type { OdsCode } from '../record/ods-code.ts';
import type { SubmissionAnswer } from '../record/receipt.ts';
import { type EditedRecord, type Making, RecordEdit } from '../record/record-edit.ts';
import type { Draft, Written } from '../record/write-entry.ts';
import { fail, type Result, succeed } from '../result.ts';
import { isContent, nextHead, unregisteredPatient, withdrawLeft } from './next-head.ts';
import { type Placed, placeResources } from './place-resources.ts';
import { type Standing, type Submitter, standingOf } from './standing.ts';
import type { Submission } from './submission.ts';

/** What a submission makes of a record: the next version, and what changed. */
export interface Change extends EditedRecord {
  readonly answer: SubmissionAnswer;
  /** The practice that the patient has left by this submission; null otherwise. */
  readonly leftPractice: OdsCode | null;
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
  const recordId = current?.id ?? making.naming.recordId(submission.nhsNumber);
  const placed = placeResources(submission, submitter.organization, recordId, making.naming);
  if (placed.issues.length > 0) return fail(problems('invalid', placed.issues));
  const stray = placed.others.find((each) =>
    strayChoice(each, submitter, standing.value, recordId),
  );
  if (stray !== undefined) {
    const words = 'A choice must be about the organisation that submits it.';
    return fail(problem('forbidden', 'forbidden', words, 'Consent.organization'));
  }
  return succeed(
    replaceExtract(current, submission, submitter.organization, standing.value, placed, making),
  );
}

/**
 * Choices of the registered practice's families come from it alone, all others from their owner.
 */
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

/** Puts a submission in the place of the submitter's earlier extract. */
function replaceExtract(
  current: CareRecord | null,
  submission: Submission,
  organization: OdsCode,
  standing: Standing,
  placed: Placed,
  making: Making,
): Change {
  const recordId = placed.patient.id;
  const identity = { recordId, nhsNumber: submission.nhsNumber };
  const edit = new RecordEdit(current, organization, making);
  const counts = { created: 0, updated: 0, unchanged: 0, withdrawn: 0 };
  // The registered practice's Patient is shown; anybody else's only says who it is about.
  if (standing.registers) counts[edit.put(placed.patient)]++;
  else if (edit.entry(recordId) === undefined) edit.put(unregisteredPatient(identity));
  for (const draft of placed.others) counts[edit.put(draft)]++;
  counts.withdrawn += withdrawLeft(edit, standing).length;
  counts.withdrawn += withdrawMissing(edit, organization, placed.others);
  const acceptedAt = edit.now;
  const patient = standing.registers ? placed.patient.resource : null;
  const extract = extractMark(submission, standing, counts, edit.version);
  const change = { identity, organization, standing, acceptedAt, extract, patient };
  const edited = edit.finish(nextHead(current, change));
  const version = edited.record.sources[organization]?.version ?? 0;
  const answer = { ...counts, version, patient: recordId };
  return { ...edited, answer, leftPractice: standing.leaves };
}

function extractMark(
  { text, practice, patient, resources }: Submission,
  { registers }: Standing,
  { created, updated, unchanged }: Readonly<Record<Written['change'], number>>,
  version: number,
): ExtractMark | null {
  if (text === null) return null;
  const types = [...new Set([patient, ...resources].map((each) => each.type))];
  return { ...text, version, practice, registers, types, count: created + updated + unchanged };
}

function withdrawMissing(edit: RecordEdit, organization: OdsCode, sent: readonly Draft[]): number {
  const present = new Set(sent.map((draft) => draft.id));
  const missing = edit
    .entries()
    .filter((entry) => isContent(entry) && entry.recordedBy === organization)
    .filter((entry) => !present.has(entry.id));
  edit.withdraw(missing);
  return missing.length;
}
