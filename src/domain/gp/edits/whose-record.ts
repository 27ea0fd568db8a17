import { identifierCodeOf, objectAt, textAt } from '../../fhir/elements.ts';
import type { JsonObject } from '../../fhir/json.ts';
import { isNhsNumber } from '../../fhir/nhs-number.ts';
import { type PatientNaming, patientIdOf } from '../../fhir/patient-reference.ts';
import { ourIdIn, recordIdOf } from '../../fhir/record-id.ts';
import { unversioned } from '../../fhir/references.ts';
import { isRecordType } from '../../fhir/resource-types.ts';
import { NHS_NUMBER } from '../../fhir/systems.ts';
import { type Issue, problem, problems } from '../../problem.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { readNhsNumber, SUBJECT_ELEMENT, toldBy } from '../subject.ts';
import type { ArrivingResource } from '../submission.ts';
import {
  type Criteria,
  type CriteriaReading,
  type NamedPatient,
  readCriteria,
} from './criteria.ts';
import type { Edit } from './edit.ts';

/** The record that a change is about. */
export interface WhoseRecord {
  readonly recordId: string;
  /** As far as the change says it; null where it names the patient by id alone. */
  readonly nhsNumber: string | null;
}

/**
 * The one patient whose record some edits are about: by their Patient, their subjects, their ids
 * and criteria. `invalid` when a subject leads to no patient, or the record cannot be told;
 * `malformed` when they are about several (a transaction is one commit of one record).
 */
export function whoseRecord(edits: readonly Edit[], reading: CriteriaReading): Result<WhoseRecord> {
  const { naming } = reading;
  const issues: Issue[] = [];
  const local = localPatients(edits, issues);
  const found: { readonly patient: NamedPatient; readonly at: string }[] = [];
  for (const edit of edits) {
    for (const patient of targetPatients(edit)) found.push({ patient, at: edit.at });
    for (const patient of subjectsOf(edit, local, reading, issues)) {
      found.push({ patient, at: edit.at });
    }
  }
  if (issues.length > 0) return fail(problems('invalid', issues));
  const ids = new Map(found.map(({ patient, at }) => [idOf(patient, naming), at]));
  const [first, second] = ids;
  if (first === undefined) {
    const kind = edits.some((edit) => 'content' in edit) ? 'invalid' : 'malformed';
    return fail(problem(kind, 'required', NO_PATIENT));
  }
  if (second !== undefined) return fail(spanning(second[1]));
  const numbers = found.map(({ patient }) => (patient.by === 'number' ? patient.nhsNumber : null));
  return succeed({ recordId: first[0], nhsNumber: numbers.find((each) => each !== null) ?? null });
}

/** Every Patient among the contents, by the references that lead to it. */
function localPatients(edits: readonly Edit[], issues: Issue[]): ReadonlyMap<string, NamedPatient> {
  const patients = new Map<string, NamedPatient>();
  for (const edit of edits) {
    if (edit.type !== 'Patient' || !('content' in edit)) continue;
    const { value, issues: faults } = readNhsNumber(edit.content);
    issues.push(...faults);
    if (value === null) continue;
    for (const name of edit.content.references) patients.set(name, byNumber(value));
  }
  return patients;
}

function targetPatients(edit: Edit): readonly NamedPatient[] {
  if (edit.action === 'create') return edit.unless?.patients ?? [];
  const { target } = edit;
  if (target.kind === 'criteria') return target.criteria.patients;
  return [{ by: 'id', id: recordIdOf(target.id) }];
}

/** The patients that the content of an edit is about: a Provenance is, by what it tells of. */
function subjectsOf(
  edit: Edit,
  local: ReadonlyMap<string, NamedPatient>,
  reading: CriteriaReading,
  issues: Issue[],
): readonly NamedPatient[] {
  if (edit.type === 'Provenance' && 'content' in edit) {
    return patientsTold(edit.content, local, reading).map(({ patient }) => patient);
  }
  const subject = subjectOf(edit, local, reading, issues);
  return subject === null ? [] : [subject];
}

/** The patients whose records a Provenance reaches into, each with where it does. */
function patientsTold(
  { resource }: ArrivingResource,
  local: ReadonlyMap<string, NamedPatient>,
  reading: CriteriaReading,
): readonly { readonly patient: NamedPatient; readonly at: string }[] {
  return toldBy(resource).flatMap(({ reference, at }) => {
    const literal = unversioned(textAt(reference, 'reference') ?? '');
    const id = ourIdIn(literal);
    const isPatient = literal === '' || local.has(literal) || /^Patient[/?]/.test(literal);
    const patient = isPatient ? patientOf(reference, local, reading) : null;
    if (patient !== null) return [{ patient, at }];
    return id === null ? [] : [{ patient: { by: 'id', id: recordIdOf(id) } as const, at }];
  });
}

/**
 * The patient that the content of an edit is about; null for content that is about none by itself.
 */
function subjectOf(
  edit: Edit,
  local: ReadonlyMap<string, NamedPatient>,
  reading: CriteriaReading,
  issues: Issue[],
): NamedPatient | null {
  if (!('content' in edit)) return null;
  if (edit.type === 'Patient') return byNumberIn(readNhsNumber(edit.content).value);
  const element = SUBJECT_ELEMENT[edit.type];
  if (element === undefined) return null;
  const reference = objectAt(edit.content.resource, element);
  const patient = reference && patientOf(reference, local, reading);
  if (patient === null) {
    const diagnostics =
      'This must refer to a Patient: [base]/Patient/[id], one sent along, or by NHS number.';
    issues.push({ code: 'invariant', diagnostics, expression: `${edit.content.at}.${element}` });
  }
  return patient;
}

/** What is wrong with content that is to be in this record, and is about somebody else. */
export function strangerIssues(
  content: ArrivingResource,
  recordId: string,
  reading: CriteriaReading,
): readonly Issue[] {
  const { naming } = reading;
  if (content.type === 'Patient') {
    const { value, issues } = readNhsNumber(content);
    const same = value !== null && naming.recordId(value) === recordId;
    return issues.length > 0 || same ? issues : [stranger(`${content.at}.identifier`)];
  }
  if (content.type === 'Provenance') {
    return patientsTold(content, new Map(), reading)
      .filter(({ patient }) => idOf(patient, naming) !== recordId)
      .map(({ at }) => stranger(`${content.at}.${at}`));
  }
  const element = SUBJECT_ELEMENT[content.type];
  const reference = element && objectAt(content.resource, element);
  // That one must be there is a matter of content.
  if (!element || !reference) return [];
  const patient = patientOf(reference, new Map(), reading);
  const same = patient !== null && idOf(patient, naming) === recordId;
  return same ? [] : [stranger(`${content.at}.${element}`)];
}

function stranger(expression: string): Issue {
  return { code: 'invariant', diagnostics: OTHER_PATIENT, expression };
}

/** The patient that a Reference means; null when it means none that could have a record here. */
function patientOf(
  reference: JsonObject,
  local: ReadonlyMap<string, NamedPatient>,
  reading: CriteriaReading,
): NamedPatient | null {
  const literal = textAt(reference, 'reference');
  if (literal === null) return byNumberIn(identifierCodeOf(reference, NHS_NUMBER));
  const plain = unversioned(literal);
  const sent = local.get(plain);
  if (sent !== undefined) return sent;
  const conditional = conditionalReference(plain, reading);
  if (conditional !== null)
    return conditional.type === 'Patient' ? only(conditional.patients) : null;
  const id = plain.includes('/') ? patientIdOf(plain, reading.naming) : null;
  return id === null ? null : { by: 'id', id };
}

/** What a conditional reference (`Type?identifier=…`) looks for; null for every other reference. */
export function conditionalReference(reference: string, reading: CriteriaReading): Criteria | null {
  const [, type = '', query = ''] = /^([A-Z][A-Za-z]+)\?(.+)$/.exec(reference) ?? [];
  const criteria = isRecordType(type) ? readCriteria(type, query, reading) : null;
  return criteria?.ok ? criteria.value : null;
}

function only(patients: readonly NamedPatient[]): NamedPatient | null {
  return patients.length === 1 ? (patients[0] ?? null) : null;
}

function byNumberIn(number: string | null): NamedPatient | null {
  return number !== null && isNhsNumber(number) ? byNumber(number) : null;
}

function byNumber(nhsNumber: string): NamedPatient {
  return { by: 'number', nhsNumber };
}

function idOf(patient: NamedPatient, naming: PatientNaming): string {
  return patient.by === 'id' ? patient.id : naming.recordId(patient.nhsNumber);
}

function spanning(at: string): ReturnType<typeof problem> {
  return at === ''
    ? problem('invalid', 'invariant', OTHER_PATIENT)
    : problem('malformed', 'not-supported', SPANNING, at);
}

const OTHER_PATIENT = 'This is about another patient than the entry that is to be changed.';
const SPANNING =
  'A transaction is about one patient, and is all or nothing for their record; this entry is about another. Send a batch, or a transaction for each.';
const NO_PATIENT =
  'Whose record this is about cannot be told: name the patient as subject or patient, or in the criteria.';
