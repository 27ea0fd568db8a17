import fc from 'fast-check';

/** Small vocabularies, so that what is asked for is often there. */
export const CODES = ['a', 'b', 'C'];
export const MEDIA_TYPES = ['text/plain', 'text/plain;charset=utf-8', 'application/pdf'];
export const SYSTEMS = ['urn:s', 'urn:t'];
export const CANONICALS = [
  'urn:s',
  'urn:s|1',
  'urn:t',
  'http://profiles.test/a',
  'http://profiles.test/a|1',
];
export const NAMES = ['Adams', 'Ádam', 'Carreño Quiñones', "O'Brien", 'ad'];
export const DATES = [
  '2019',
  '2020',
  '2020-02',
  '2020-02-28',
  '2020-02-29',
  '2020-03-01',
  '2020-02-29T10:00:00Z',
  '2020-02-29T23:30:00-01:00',
];
const NUMBERS = [5.4, 5.35, 5.45, 5.405, -5, -4.5];
const UNITS = ['mg', 'g'];
export const REFERENCES = [
  'Patient/p0',
  'Patient/p1',
  'Group/p0',
  'Condition/c0',
  'Observation/o0',
];

/** One of some values. */
export const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** An object of some of its properties; those without a value are left out. */
export function some(
  shape: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(shape, { requiredKeys: [] });
}

/** One or two of something. */
export const few = (each: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> =>
  fc.array(each, { minLength: 1, maxLength: 2 });

export const coding = fc.record(
  { code: pick(CODES), system: pick(SYSTEMS), display: pick(NAMES) },
  { requiredKeys: ['code'] },
);
export const concept = fc.record(
  { coding: few(coding), text: pick(NAMES) },
  { requiredKeys: ['coding'] },
);
export const identifier = fc.record(
  {
    value: pick(CODES),
    system: pick(SYSTEMS),
    type: fc.record({ text: pick(NAMES), coding: few(coding) }),
  },
  { requiredKeys: ['value'] },
);
export const reference = fc.record(
  { reference: pick(REFERENCES), identifier },
  { requiredKeys: ['reference'] },
);
export const date = pick(DATES);
export const period = some({ start: date, end: date });
export const quantity = fc.record(
  { value: pick(NUMBERS), code: pick(UNITS), unit: pick(UNITS), system: pick(SYSTEMS) },
  { requiredKeys: ['value'] },
);
export const range = fc.record({ low: quantity, high: quantity }, { requiredKeys: ['low'] });
export const name = some({ family: pick(NAMES), given: few(pick(NAMES)), use: fc.constant('old') });

/** One of several ways to say a choice, or none. */
export const choice = (options: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constant({}),
    ...Object.entries(options).map(([key, value]) => value.map((it) => ({ [key]: it }))),
  );
