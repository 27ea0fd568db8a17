import fc from 'fast-check';
import type { Resource } from './naive.ts';

/** Small vocabularies, so that what is asked for is often there. */
const CODES = ['a', 'b', 'C'];
const MEDIA_TYPES = ['text/plain', 'text/plain;charset=utf-8', 'application/pdf'];
const SYSTEMS = ['urn:s', 'urn:t'];
const NAMES = ['Adams', 'Ádam', 'Carreño Quiñones', "O'Brien", 'ad'];
const DATES = [
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
const NUMBER_TEXTS = ['5.4', '5.40', '-5'];
const UNITS = ['mg', 'g'];
const REFERENCES = ['Patient/p0', 'Patient/p1', 'Group/p0', 'Condition/c0', 'Observation/o0'];

const pick = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

/** An object of some of its properties; those without a value are left out. */
function some(shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(shape, { requiredKeys: [] });
}

const few = (each: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> =>
  fc.array(each, { minLength: 1, maxLength: 2 });

const coding = fc.record(
  { code: pick(CODES), system: pick(SYSTEMS), display: pick(NAMES) },
  { requiredKeys: ['code'] },
);
const concept = fc.record({ coding: few(coding), text: pick(NAMES) }, { requiredKeys: ['coding'] });
const identifier = fc.record(
  { value: pick(CODES), system: pick(SYSTEMS), type: fc.record({ text: pick(NAMES) }) },
  { requiredKeys: ['value'] },
);
const reference = fc.record(
  { reference: pick(REFERENCES), identifier },
  { requiredKeys: ['reference'] },
);
const date = pick(DATES);
const period = some({ start: date, end: date });
const quantity = fc.record(
  { value: pick(NUMBERS), code: pick(UNITS), unit: pick(UNITS), system: pick(SYSTEMS) },
  { requiredKeys: ['value'] },
);
const range = fc.record({ low: quantity, high: quantity }, { requiredKeys: ['low'] });
const name = some({ family: pick(NAMES), given: few(pick(NAMES)), use: fc.constant('old') });

/** One of several ways to say a choice, or none. */
const choice = (options: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constant({}),
    ...Object.entries(options).map(([key, value]) => value.map((it) => ({ [key]: it }))),
  );

const measured = {
  valueQuantity: quantity,
  valueCodeableConcept: concept,
  valueString: pick(NAMES),
};

const CONTENT: Readonly<Record<string, fc.Arbitrary<object>>> = {
  Patient: fc
    .tuple(
      some({
        name: few(name),
        identifier: few(identifier),
        gender: pick(['male', 'female']),
        birthDate: pick(DATES.filter((each) => each.length <= 10)),
        address: few(some({ city: pick(NAMES), line: few(pick(NAMES)) })),
        active: fc.boolean(),
        telecom: few(fc.record({ system: pick(['phone', 'email']), value: pick(CODES) })),
      }),
      choice({ deceasedBoolean: fc.boolean(), deceasedDateTime: date }),
    )
    .map(([one, other]) => ({ ...one, ...other })),
  Condition: fc
    .tuple(
      some({
        code: concept,
        subject: reference,
        category: few(concept),
        evidence: few(some({ code: few(concept), detail: few(reference) })),
        recordedDate: date,
        asserter: reference,
      }),
      choice({ onsetDateTime: date, onsetPeriod: period, onsetAge: quantity, onsetRange: range }),
      choice({ abatementString: pick(NAMES), abatementDateTime: date }),
    )
    .map((all) => Object.assign({}, ...all)),
  Observation: fc
    .tuple(
      some({
        status: pick(['final', 'amended']),
        code: concept,
        subject: reference,
        hasMember: few(reference),
        identifier: few(identifier),
        component: few(
          fc
            .tuple(some({ code: concept }), choice(measured))
            .map((all) => Object.assign({}, ...all)),
        ),
      }),
      choice({ effectiveDateTime: date, effectivePeriod: period }),
      choice({ ...measured, valueDateTime: date, valuePeriod: period }),
    )
    .map((all) => Object.assign({}, ...all)),
  MedicationStatement: fc
    .tuple(
      some({
        status: pick(['active', 'stopped']),
        subject: reference,
        category: concept,
        partOf: few(reference),
        meta: some({ tag: few(coding), security: few(coding), source: pick(SYSTEMS) }),
      }),
      choice({ medicationCodeableConcept: concept, medicationReference: reference }),
      choice({ effectiveDateTime: date, effectivePeriod: period }),
    )
    .map((all) => Object.assign({}, ...all)),
};

/** Documents and what tells of others: types that refer to much, with codes of FHIR's own. */
const DOCUMENTS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  DocumentReference: some({
    masterIdentifier: identifier,
    identifier: few(identifier),
    status: pick(['current', 'superseded']),
    type: concept,
    category: few(concept),
    subject: reference,
    date: pick(DATES.filter((each) => each.length > 10)),
    author: few(reference),
    custodian: reference,
    description: pick(NAMES),
    securityLabel: few(concept),
    relatesTo: few(some({ code: pick(['appends', 'signs']), target: reference })),
    content: few(
      some({
        attachment: some({
          contentType: pick(MEDIA_TYPES),
          url: pick(SYSTEMS),
          language: pick(CODES),
        }),
        format: coding,
      }),
    ),
    context: some({
      event: few(concept),
      period,
      related: few(reference),
      encounter: few(reference),
    }),
  }),
  Provenance: fc
    .tuple(
      some({
        target: few(reference),
        recorded: pick(DATES.filter((each) => each.length > 10)),
        location: reference,
        agent: few(some({ type: concept, role: few(concept), who: reference })),
        entity: few(some({ what: reference })),
        signature: few(some({ type: few(coding) })),
      }),
      choice({ occurredDateTime: date, occurredPeriod: period }),
    )
    .map(([one, other]) => ({ ...one, ...other })),
};

/** The types of which records are made up. */
export const GENERATED_TYPES = Object.keys({ ...CONTENT, ...DOCUMENTS });

const INITIALS: Readonly<Record<string, string>> = {
  Patient: 'p',
  Condition: 'c',
  Observation: 'o',
  DocumentReference: 'd',
  Provenance: 'v',
};

function contentOf(type: string): fc.Arbitrary<object> {
  return CONTENT[type] ?? DOCUMENTS[type] ?? fc.constant({});
}

/** A record of a few resources of each type, whose references lead to each other, or nowhere. */
export const RECORD: fc.Arbitrary<Resource[]> = fc
  .tuple(
    ...GENERATED_TYPES.map((resourceType) =>
      fc.array(contentOf(resourceType), { maxLength: 3 }).map((contents) =>
        contents.map((content, index) => ({
          resourceType,
          id: `${INITIALS[resourceType] ?? 'm'}${index}`,
          ...content,
        })),
      ),
    ),
  )
  .map((lists) => lists.flat() as Resource[]);

const token = fc
  .oneof(
    pick(CODES),
    fc.tuple(pick([...SYSTEMS, '']), pick([...CODES, ''])).filter((both) => both.join('') !== ''),
  )
  .map((it) => (Array.isArray(it) ? it.join('|') : it));
const dated = fc
  .tuple(pick(['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb']), date)
  .map((all) => all.join(''));
const sized = fc
  .tuple(
    pick(['', '', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']),
    pick(NUMBER_TEXTS),
    pick(['', '', '', '||mg', '|urn:s|mg', '|urn:s|']),
  )
  .map((all) => all.join(''));
const named = pick(['ad', 'ADAM', 'quinones', 'obrien', 'Adams', "O'B", 'dam']);
const referred = pick([...REFERENCES, 'p0', 'c0']);

/** Values to ask for, by parameter type, each with the modifiers that R4 defines for it. */
const ASKED: Readonly<Record<string, fc.Arbitrary<readonly [string, string]>>> = {
  token: fc.oneof(
    token.map((it) => ['', it] as const),
    token.map((it) => [':not', it] as const),
    named.map((it) => [':text', it] as const),
  ),
  date: dated.map((it) => ['', it] as const),
  quantity: sized.map((it) => ['', it] as const),
  uri: pick(['urn:s', 'urn:t']).map((it) => ['', it] as const),
  string: fc.tuple(pick(['', ':exact', ':contains']), named),
  reference: fc.oneof(
    referred.map((it) => ['', it] as const),
    token.map((it) => [':identifier', it] as const),
  ),
};

const asked = (type: string): fc.Arbitrary<readonly [string, string]> =>
  ASKED[type] ?? fc.constant([':missing', 'true'] as const);

/** A modifier and a value for a parameter of this type: one value, or alternatives. */
export function valueFor(type: string): fc.Arbitrary<readonly [string, string]> {
  const missing = fc.boolean().map((is) => [':missing', `${is}`] as const);
  const twice = fc
    .tuple(asked(type), asked(type))
    .map(([[modifier, one], [other, two]]) =>
      modifier === other ? ([modifier, `${one},${two}`] as const) : ([modifier, one] as const),
    );
  return fc.oneof({ weight: 6, arbitrary: twice }, { weight: 1, arbitrary: missing });
}

/** Values for the parts of a composite. */
export function compositeFor(types: readonly string[]): fc.Arbitrary<readonly [string, string]> {
  const parts = types.map((type) => asked(type).filter(([modifier]) => modifier === ''));
  return fc.tuple(...parts).map((all) => ['', all.map(([, it]) => it).join('$')] as const);
}

/** Values for elements that have no system: booleans, contact points. */
export const PLAIN_TOKEN: fc.Arbitrary<readonly [string, string]> = pick(CODES).map(
  (it) => ['', it] as const,
);
export const TRUTH: fc.Arbitrary<readonly [string, string]> = fc
  .boolean()
  .map((it) => ['', `${it}`] as const);
/** Codes that FHIR itself defines, with and without the system that they imply. */
export const OWN_CODE: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(
    pick([
      '',
      '|',
      'http://hl7.org/fhir/administrative-gender|',
      'http://hl7.org/fhir/observation-status|',
      'http://hl7.org/fhir/CodeSystem/medication-statement-status|',
      'http://hl7.org/fhir/document-reference-status|',
      'http://hl7.org/fhir/document-relationship-type|',
      'urn:s|',
    ]),
    pick(['male', 'Male', 'active', 'final', 'stopped', 'current', 'appends', 'a']),
  )
  .map((all) => ['', all.join('')] as const);
/** Media types, without and with the parameters of which `:below` makes nothing. */
export const MEDIA_TYPE: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(
    pick(['', ':below', ':not']),
    pick(['text/plain', 'application/pdf', 'text/plain;charset=utf-8']),
  )
  .map(([modifier, type]) => [modifier, type] as const);
