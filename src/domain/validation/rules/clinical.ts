import type { Json } from '../../fhir/json.ts';
import { has, hasChoice, hasCoding, objects, type Rule, rule } from './rule.ts';

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem/';

const isAllergyError = (status: Json | undefined): boolean =>
  hasCoding(status, `${TERMINOLOGY}allergyintolerance-verification`, ['entered-in-error']);

const isConditionError = (status: Json | undefined): boolean =>
  hasCoding(status, `${TERMINOLOGY}condition-ver-status`, ['entered-in-error']);

/** The invariants of AllergyIntolerance (http://hl7.org/fhir/R4/allergyintolerance.html#invs). */
export const ALLERGY_INTOLERANCE: readonly Rule[] = [
  rule(
    'ait-1',
    'A clinical status is needed unless the verification status is entered-in-error.',
    (it) => isAllergyError(it.verificationStatus) || has(it, 'clinicalStatus'),
  ),
  rule(
    'ait-2',
    'There may be no clinical status when the verification status is entered-in-error.',
    (it) => !isAllergyError(it.verificationStatus) || !has(it, 'clinicalStatus'),
  ),
];

/** The invariants of Condition (http://hl7.org/fhir/R4/condition.html#invs). */
export const CONDITION: readonly Rule[] = [
  rule(
    'con-4',
    'A condition that has abated must have the clinical status inactive, resolved or remission.',
    (it) =>
      !hasChoice(it, 'abatement') ||
      hasCoding(it.clinicalStatus, `${TERMINOLOGY}condition-clinical`, [
        'resolved',
        'remission',
        'inactive',
      ]),
  ),
  rule(
    'con-5',
    'There may be no clinical status when the verification status is entered-in-error.',
    (it) => !isConditionError(it.verificationStatus) || !has(it, 'clinicalStatus'),
  ),
];

export const CONDITION_STAGE: readonly Rule[] = [
  rule(
    'con-1',
    'A stage needs a summary or an assessment.',
    (it) => has(it, 'summary') || has(it, 'assessment'),
  ),
];

export const CONDITION_EVIDENCE: readonly Rule[] = [
  rule('con-2', 'Evidence needs a code or a detail.', (it) => has(it, 'code') || has(it, 'detail')),
];

export const IMMUNIZATION_EDUCATION: readonly Rule[] = [
  rule(
    'imm-1',
    'Education needs a document type or a reference.',
    (it) => has(it, 'documentType') || has(it, 'reference'),
  ),
];

/** The invariants of Observation (http://hl7.org/fhir/R4/observation.html#invs). */
export const OBSERVATION: readonly Rule[] = [
  rule(
    'obs-6',
    'A reason for absent data is only allowed where there is no value.',
    (it) => !has(it, 'dataAbsentReason') || !hasChoice(it, 'value'),
  ),
  rule(
    'obs-7',
    'There may be no value where a component has the code of the observation itself.',
    (it) => {
      if (!hasChoice(it, 'value') || !has(it, 'component')) return true;
      const own = new Set(codingsOf(it.code));
      return !objects(it.component).some(({ code }) =>
        codingsOf(code).some((each) => own.has(each)),
      );
    },
  ),
];

export const OBSERVATION_RANGE: readonly Rule[] = [
  rule(
    'obs-3',
    'A reference range needs at least a low or a high or a text.',
    (it) => has(it, 'low') || has(it, 'high') || has(it, 'text'),
  ),
];

/** Codings as text that is equal where FHIRPath takes them for equal: whatever their order. */
function codingsOf(concept: Json | undefined): readonly string[] {
  return objects(concept).flatMap(({ coding }) =>
    objects(coding).map((each) =>
      JSON.stringify(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))),
    ),
  );
}
