import { extensionOf, objectAt, objectsAt, textAt } from '../fhir/elements.ts';
import type { Json, JsonObject } from '../fhir/json.ts';
import {
  LAST_ISSUE_DATE_STU3,
  LAST_ISSUE_DATE_UKCORE,
  MEDICATION_REFERENCE,
  PRESCRIPTION_TYPE_STU3,
} from '../fhir/systems.ts';
import { withDosageText } from './dosage-text.ts';
import { displayOf, withText } from './stated-text.ts';

/** What a MedicationStatement may take from, as far as it is disclosed to who reads it. */
export interface StatedElsewhere {
  /** The Medication that a literal reference leads to, or null. */
  medication(reference: string): JsonObject | null;
  /** The plan that the statement is based on, where it leaves its kind open; or null. */
  readonly plan: JsonObject | null;
}

/**
 * A MedicationStatement as people get it: enough by itself. What it says by way of others, or in
 * another place than readers look, is copied to where they look; nothing is made up, and nothing
 * is left out. Itself where nothing is missing.
 */
export function presentStatement(statement: JsonObject, elsewhere: StatedElsewhere): JsonObject {
  const named = withMedicine(statement, elsewhere);
  const kind = kindOf(statement, elsewhere.plan);
  const added = [lastIssue(statement), prescriptionType(statement, kind)];
  return withDosageText(withCategory(withExtensions(named, added), kind));
}

/** The medicine as a concept, in the place of a reference to it. */
function withMedicine(statement: JsonObject, elsewhere: StatedElsewhere): JsonObject {
  const own = objectAt(statement, 'medicationCodeableConcept');
  const reference = objectAt(statement, 'medicationReference');
  const concept =
    own === null ? reference && conceptOf(statement, reference, elsewhere) : withText(own);
  if (concept === null || concept === own) return statement;
  if (reference === null) return { ...statement, medicationCodeableConcept: concept };
  const elements = Object.entries(statement).map(([name, value]): [string, Json | undefined] =>
    MEDICINE.includes(name) ? ['medicationCodeableConcept', concept] : [name, value],
  );
  return Object.fromEntries(elements);
}

const MEDICINE = ['medicationCodeableConcept', 'medicationReference'];

/**
 * The concept that a reference stands for, with the reference; null where neither the Medication
 * nor the reference says what it is.
 */
function conceptOf(
  statement: JsonObject,
  reference: JsonObject,
  elsewhere: StatedElsewhere,
): JsonObject | null {
  const medication = medicationOf(statement, textAt(reference, 'reference') ?? '', elsewhere);
  const code = (medication && objectAt(medication, 'code')) ?? {};
  const text = textAt(code, 'text') ?? displayOf(code) ?? textAt(reference, 'display');
  if (text === null && code.coding === undefined) return null;
  return {
    extension: [{ url: MEDICATION_REFERENCE, valueReference: reference }],
    ...(code.coding !== undefined && { coding: code.coding }),
    ...(text !== null && { text }),
  };
}

function medicationOf(
  statement: JsonObject,
  reference: string,
  elsewhere: StatedElsewhere,
): JsonObject | null {
  const found = reference.startsWith('#')
    ? objectsAt(statement, 'contained').find((each) => `#${textAt(each, 'id')}` === reference)
    : elsewhere.medication(reference);
  // A Medication that was entered in error says of nothing what it is.
  const isUsable = found?.resourceType === 'Medication' && found.status !== 'entered-in-error';
  return isUsable ? found : null;
}

/** Which kind of prescription it is, in the words of the statement, else of its plan. */
function kindOf(statement: JsonObject, plan: JsonObject | null): JsonObject | null {
  for (const resource of plan === null ? [statement] : [statement, plan]) {
    const extension = extensionOf(resource, PRESCRIPTION_TYPE_STU3);
    const kind = extension && objectAt(extension, 'valueCodeableConcept');
    const course = objectAt(resource, 'courseOfTherapyType');
    if (kind !== null || course !== null) return withText(kind ?? course ?? {});
  }
  return null;
}

function prescriptionType(statement: JsonObject, kind: JsonObject | null): JsonObject | null {
  if (kind === null || extensionOf(statement, PRESCRIPTION_TYPE_STU3) !== null) return null;
  return { url: PRESCRIPTION_TYPE_STU3, valueCodeableConcept: kind };
}

/** The date of the last issue where UK Core puts it. */
function lastIssue(statement: JsonObject): JsonObject | null {
  if (extensionOf(statement, LAST_ISSUE_DATE_UKCORE) !== null) return null;
  const extension = extensionOf(statement, LAST_ISSUE_DATE_STU3);
  const date = extension && textAt(extension, 'valueDateTime');
  return date === null ? null : { url: LAST_ISSUE_DATE_UKCORE, valueDateTime: date };
}

function withExtensions(
  statement: JsonObject,
  extensions: readonly (JsonObject | null)[],
): JsonObject {
  const added = extensions.filter((each) => each !== null);
  if (added.length === 0) return statement;
  return withElement(
    statement,
    'extension',
    [...objectsAt(statement, 'extension'), ...added],
    ['resourceType', 'id', 'meta', 'implicitRules', 'language', 'text', 'contained'],
  );
}

function withCategory(statement: JsonObject, kind: JsonObject | null): JsonObject {
  if (kind === null || statement.category !== undefined) return statement;
  return withElement(statement, 'category', kind, ['status', 'statusReason']);
}

/** A resource with an element: in its place where it has one, else after those named. */
function withElement(
  resource: JsonObject,
  name: string,
  value: Json,
  after: readonly string[],
): JsonObject {
  if (resource[name] !== undefined) return { ...resource, [name]: value };
  const elements = Object.entries(resource);
  const at = elements.findLastIndex(([each]) => after.includes(each)) + 1;
  return Object.fromEntries(elements.toSpliced(at, 0, [name, value]));
}
