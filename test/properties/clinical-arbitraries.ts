import fc from 'fast-check';
import {
  CANONICALS,
  choice,
  concept,
  date,
  few,
  NAMES,
  period,
  pick,
  SYSTEMS,
} from '../domain/search/vocabulary.ts';
import {
  ANYTHING,
  age,
  joined,
  MOMENTS,
  medicine,
  most,
  oneOf,
  PEOPLE,
  rising,
  stated,
  type To,
  values,
  WHO,
} from './element-arbitraries.ts';

/** What a person takes, cannot stand, and is given. */
export const CORE: Readonly<Record<string, (to: To) => fc.Arbitrary<object>>> = {
  MedicationStatement: (to) =>
    joined(
      fc.record({ status: pick(['active', 'completed', 'stopped']) }),
      most({
        ...{
          category: concept,
          informationSource: to(...WHO),
          basedOn: few(to('MedicationRequest')),
        },
        partOf: few(to('MedicationStatement', 'Procedure', 'Observation')),
      }),
      medicine(to),
      choice({ effectiveDateTime: date, effectivePeriod: period }),
    ),
  AllergyIntolerance: (to) =>
    joined(
      fc.record({
        code: concept,
        clinicalStatus: stated('allergyintolerance-clinical', ['active', 'inactive']),
        verificationStatus: stated('allergyintolerance-verification', ['confirmed', 'refuted']),
      }),
      most({
        type: pick(['allergy', 'intolerance']),
        category: pick(['food', 'medication']).map((each) => [each]),
        criticality: pick(['low', 'high']),
        ...{
          recordedDate: date,
          lastOccurrence: date,
          recorder: to(...PEOPLE),
          asserter: to(...PEOPLE),
        },
        reaction: few(
          joined(
            fc.record({ manifestation: few(concept) }),
            most({ substance: concept, onset: date, exposureRoute: concept }),
            most({ severity: pick(['mild', 'severe']) }),
          ),
        ),
      }),
    ),
  MedicationRequest: (to) =>
    joined(
      fc.record({ status: pick(['active', 'stopped']), intent: pick(['plan', 'order']) }),
      most({
        ...{ category: few(concept), authoredOn: date, priority: pick(['routine', 'urgent']) },
        ...{ requester: to(...WHO), performer: to(...WHO), performerType: concept },
        dosageInstruction: few(fc.record({ timing: fc.record({ event: few(date) }) })),
        dispenseRequest: fc.record({ performer: to('Organization') }),
      }),
      medicine(to),
    ),
};

/** The rest of what is clinical. */
export const ADDITIONAL: Readonly<Record<string, (to: To) => fc.Arbitrary<object>>> = {
  Condition: (to) =>
    joined(
      fc.record({
        code: concept,
        // What is abated is not active any more.
        clinicalStatus: stated('condition-clinical', ['resolved', 'inactive']),
      }),
      most({
        verificationStatus: stated('condition-ver-status', ['confirmed', 'refuted']),
        ...{ category: few(concept), severity: concept, bodySite: few(concept) },
        evidence: few(most({ code: few(concept), detail: few(to(...ANYTHING)) })),
        ...{ recordedDate: date, asserter: to(...PEOPLE), recorder: to(...PEOPLE) },
        stage: few(fc.record({ summary: concept })),
      }),
      choice({
        ...{ onsetDateTime: date, onsetPeriod: period, onsetAge: age, onsetRange: rising },
        onsetString: pick(NAMES),
      }),
      choice({
        ...{ abatementString: pick(NAMES), abatementDateTime: date, abatementPeriod: period },
        ...{ abatementAge: age, abatementRange: rising },
      }),
    ),
  Observation: (to) =>
    joined(
      fc.record({ status: pick(['final', 'amended']), code: concept }),
      most({
        ...{ category: few(concept), method: concept, basedOn: few(to('MedicationRequest')) },
        ...{ focus: few(to(...ANYTHING)), performer: few(to(...WHO)) },
        ...{ hasMember: few(to('Observation')), derivedFrom: few(to('DocumentReference')) },
        partOf: few(to('Procedure', 'Immunization', 'MedicationStatement')),
      }),
      choice({ effectiveDateTime: date, effectivePeriod: period, effectiveInstant: pick(MOMENTS) }),
      fc.oneof(
        { weight: 3, arbitrary: oneOf({ ...values, valueDateTime: date, valuePeriod: period }) },
        { weight: 1, arbitrary: most({ dataAbsentReason: concept }) },
        {
          weight: 3,
          arbitrary: few(
            joined(
              fc.record({ code: concept }),
              fc.oneof(oneOf(values), most({ dataAbsentReason: concept })),
            ),
          ).map((component) => ({ component })),
        },
      ),
    ),
  Procedure: (to) =>
    joined(
      fc.record({ status: pick(['completed', 'stopped']), code: concept }),
      most({
        ...{ category: concept, instantiatesUri: few(pick(SYSTEMS)), reasonCode: few(concept) },
        instantiatesCanonical: few(pick(CANONICALS)),
        performer: few(fc.record({ actor: to(...WHO) })),
        reasonReference: few(to('Condition', 'Observation', 'Procedure', 'DocumentReference')),
        partOf: few(to('Procedure', 'Observation')),
      }),
      choice({ performedDateTime: date, performedPeriod: period }),
    ),
  Immunization: (to) =>
    joined(
      fc.record({ status: pick(['completed', 'not-done']), vaccineCode: concept }),
      most({
        ...{ statusReason: concept, lotNumber: pick(NAMES), manufacturer: to('Organization') },
        ...{ reasonCode: few(concept), reasonReference: few(to('Condition', 'Observation')) },
        performer: few(
          fc.record({ actor: to('Practitioner', 'PractitionerRole', 'Organization') }),
        ),
        reaction: few(most({ date, detail: to('Observation') })),
        protocolApplied: few(
          joined(
            fc.constant({ doseNumberPositiveInt: 1 }),
            most({ series: pick(NAMES), targetDisease: few(concept) }),
          ),
        ),
      }),
      fc.oneof(
        date.map((occurrenceDateTime) => ({ occurrenceDateTime })),
        pick(NAMES).map((occurrenceString) => ({ occurrenceString })),
      ),
    ),
};
