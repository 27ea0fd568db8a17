import * as administrative from './administrative.ts';
import * as bundle from './bundle.ts';
import * as clinical from './clinical.ts';
import * as datatypes from './datatypes.ts';
import * as document from './document.ts';
import * as quantities from './quantities.ts';
import type { Rule } from './rule.ts';

/** The rules of types, and of single elements, by FHIR path. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  AllergyIntolerance: clinical.ALLERGY_INTOLERANCE,
  Condition: clinical.CONDITION,
  'Condition.stage': clinical.CONDITION_STAGE,
  'Condition.evidence': clinical.CONDITION_EVIDENCE,
  'Immunization.education': clinical.IMMUNIZATION_EDUCATION,
  Observation: clinical.OBSERVATION,
  'Observation.referenceRange': clinical.OBSERVATION_RANGE,
  'Patient.contact': administrative.PATIENT_CONTACT,
  Organization: administrative.ORGANIZATION,
  'Organization.address': administrative.ORGANIZATION_ADDRESS,
  'Organization.telecom': administrative.ORGANIZATION_TELECOM,
  'AuditEvent.entity': administrative.AUDIT_EVENT_ENTITY,
  Consent: administrative.CONSENT,
  Bundle: bundle.BUNDLE,
  'Bundle.entry': bundle.BUNDLE_ENTRY,
  'Parameters.parameter': bundle.PARAMETER,
  'Composition.section': document.COMPOSITION_SECTION,
  Extension: document.EXTENSION,
  'DataRequirement.codeFilter': document.CODE_FILTER,
  'DataRequirement.dateFilter': document.DATE_FILTER,
  Expression: document.EXPRESSION,
  TriggerDefinition: document.TRIGGER,
  ContactPoint: datatypes.CONTACT_POINT,
  Attachment: datatypes.ATTACHMENT,
  Period: datatypes.PERIOD,
  'Timing.repeat': datatypes.TIMING_REPEAT,
  Quantity: quantities.QUANTITY,
  SimpleQuantity: quantities.SIMPLE_QUANTITY,
  Age: quantities.AGE,
  Duration: quantities.DURATION,
  Distance: quantities.DISTANCE,
  Count: quantities.COUNT,
  Range: quantities.RANGE,
  Ratio: quantities.RATIO,
};

const NONE: readonly Rule[] = [];

/** The rules of a type or element; none for an element whose rules are those of its own type. */
export function rulesOf(path: string, ofType?: string): readonly Rule[] {
  return path === ofType ? NONE : (RULES[path] ?? NONE);
}

/** Every rule there is, as `path key`: what the generator compares R4's constraints with. */
export function nativeRules(): readonly string[] {
  return Object.entries(RULES).flatMap(([path, rules]) => rules.map(({ key }) => `${path} ${key}`));
}
