import fc from 'fast-check';
import { concept, DATES, few, NAMES, pick, quantity, range } from '../domain/search/vocabulary.ts';

/** Whom a record is about, as its source refers to them. */
export const PATIENT = { reference: 'Patient/p1' };
const HL7 = 'http://terminology.hl7.org/CodeSystem';
export const MOMENTS = DATES.filter((each) => each.length > 10);
export const DAYS = DATES.filter((each) => each.length === 10);

/** An object of most of its properties. */
export const most = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.record(
    Object.fromEntries(
      Object.entries(shape).map(([name, each]) => [name, fc.option(each, { nil: undefined })]),
    ),
  );

/** A reference to one of some types. */
export type To = (...types: readonly string[]) => fc.Arbitrary<object>;

/** Who may act. */
export const WHO = ['Practitioner', 'PractitionerRole', 'Organization', 'Patient'];
export const PEOPLE = WHO.filter((each) => each !== 'Organization');
export const ANYTHING = ['Condition', 'Observation', 'Procedure', 'MedicationStatement', 'Patient'];

/** A concept of one of HL7's code systems. */
export const stated = (system: string, codes: readonly string[]): fc.Arbitrary<object> =>
  pick(codes).map((code) => ({ coding: [{ system: `${HL7}/${system}`, code }] }));

/** An age is in a unit of time, which UCUM names. */
export const age = fc
  .tuple(pick([5.4, 5.35, 5.405, 40]), pick(['a', 'mo']))
  .map(([value, code]) => ({ value, code, unit: code, system: 'http://unitsofmeasure.org' }));

/** A range whose low is not above its high. */
export const rising = range.map((each) => {
  const { low, high } = each as { low: { value: number }; high?: { value: number } };
  return high !== undefined && low.value > high.value ? { low: high, high: low } : each;
});

export const telecom = few(
  fc.record({ system: pick(['phone', 'email']), value: pick(['a', 'b', 'C']) }),
);
export const address = few(
  most({
    ...{ city: pick(NAMES), line: few(pick(NAMES)), state: pick(NAMES), country: pick(NAMES) },
    ...{ postalCode: pick(NAMES), use: pick(['work', 'old']) },
  }),
);

/** Objects put together into one. */
export const joined = (...all: readonly fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...all).map((each) => Object.assign({}, ...each));

export const values = {
  valueQuantity: quantity,
  valueCodeableConcept: concept,
  valueString: pick(NAMES),
};

/** What is taken: a code, or a Medication. */
export const medicine = (to: To): fc.Arbitrary<object> =>
  fc.oneof(
    concept.map((medicationCodeableConcept) => ({ medicationCodeableConcept })),
    to('Medication').map((medicationReference) => ({ medicationReference })),
  );

/** One of several ways to say a choice. */
export const oneOf = (options: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.oneof(...Object.entries(options).map(([key, value]) => value.map((it) => ({ [key]: it }))));
