import { addMonths, type Day, lastDayOf } from '../fhir/calendar.ts';
import { bareCodesOf, extensionOf, objectAt, textAt } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import {
  LAST_ISSUE_DATE_STU3,
  LAST_ISSUE_DATE_UKCORE,
  PRESCRIPTION_TYPE_STU3,
} from '../fhir/systems.ts';

/** What kind of medication it is, as far as a resource says. */
export type Prescription = 'acute' | 'repeat' | 'unstated';

/** What rule 10 (summary windows) needs of a MedicationStatement, worked out once at commit. */
export interface MedicationFacts {
  readonly prescription: Prescription;
  readonly status: string;
  /** `effective[x]`: the last day that its start and its end can mean. */
  readonly start: Day | null;
  readonly end: Day | null;
  /** The day that an acute medication is dated by: last issue, else start, else asserted. */
  readonly issued: Day | null;
}

/**
 * Reads the facts that a MedicationStatement states itself (contract, section 3, "kinds of
 * medication"); what the plans that it is based on say of it is added by `link-facts.ts`.
 */
export function medicationFacts(statement: JsonObject): MedicationFacts {
  const period = objectAt(statement, 'effectivePeriod');
  const start = dayAt(statement, 'effectiveDateTime') ?? (period && dayAt(period, 'start'));
  return {
    prescription: statedPrescription(statement),
    status: textAt(statement, 'status') ?? 'unknown',
    start,
    end: period && dayAt(period, 'end'),
    issued: lastIssueDay(statement) ?? start ?? dayAt(statement, 'dateAsserted'),
  };
}

/**
 * Whether a medication counts as acute on a day: as stated, else when it has ended by then or lasts
 * under a month.
 */
export function isAcute(facts: MedicationFacts, today: Day): boolean {
  if (facts.prescription !== 'unstated') return facts.prescription === 'acute';
  if (facts.end === null) return false;
  return facts.end < today || (facts.start !== null && facts.end < addMonths(facts.start, 1));
}

/** What a MedicationStatement or MedicationRequest says itself of its kind. */
export function statedPrescription(resource: JsonObject): Prescription {
  for (const code of [...prescriptionTypeCodes(resource), ...courseOfTherapyCodes(resource)]) {
    const kind = KIND_OF_CODE.get(code);
    if (kind !== undefined) return kind;
  }
  return 'unstated';
}

const KIND_OF_CODE: ReadonlyMap<string, 'acute' | 'repeat'> = new Map([
  ['acute', 'acute'],
  ['repeat', 'repeat'],
  ['repeat-dispensing', 'repeat'],
  ['continuous', 'repeat'],
  ['continuous-repeating-dispensing', 'repeat'],
]);

function prescriptionTypeCodes(resource: JsonObject): readonly string[] {
  const extension = extensionOf(resource, PRESCRIPTION_TYPE_STU3);
  if (extension === null) return [];
  const code = textAt(extension, 'valueCode');
  return code === null ? bareCodesOf(objectAt(extension, 'valueCodeableConcept')) : [code];
}

function courseOfTherapyCodes(resource: JsonObject): readonly string[] {
  return bareCodesOf(objectAt(resource, 'courseOfTherapyType'));
}

function lastIssueDay(statement: JsonObject): Day | null {
  const extension =
    extensionOf(statement, LAST_ISSUE_DATE_STU3) ?? extensionOf(statement, LAST_ISSUE_DATE_UKCORE);
  return extension && (dayAt(extension, 'valueDateTime') ?? dayAt(extension, 'valueDate'));
}

function dayAt(of: JsonObject, name: string): Day | null {
  const text = textAt(of, name);
  return text === null ? null : lastDayOf(text);
}
