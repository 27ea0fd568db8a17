import fc from 'fast-check';
import { CANONICALS, CODES, date, NAMES, pick, REFERENCES, SYSTEMS } from './vocabulary.ts';

const NUMBER_TEXTS = ['5.4', '5.40', '-5'];
const token = fc
  .oneof(
    pick(CODES),
    fc.tuple(pick([...SYSTEMS, '']), pick([...CODES, ''])).filter((both) => both.join('') !== ''),
  )
  .map((it) => (Array.isArray(it) ? it.join('|') : it));
/** The prefixes of dates. */
export const DATE_PREFIXES = ['', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];
const dated = fc.tuple(pick(DATE_PREFIXES), date).map((all) => all.join(''));
const sized = fc
  .tuple(
    pick(['', '', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']),
    pick(NUMBER_TEXTS),
    pick(['', '', '', '||mg', '|urn:s|mg', '|urn:s|']),
  )
  .map((all) => all.join(''));
const named = pick(['ad', 'ADAM', 'quinones', 'obrien', 'Adams', "O'B", 'dam']);

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
};

function asked(
  type: string,
  references: readonly string[],
): fc.Arbitrary<readonly [string, string]> {
  if (type !== 'reference') return ASKED[type] ?? fc.constant([':missing', 'true'] as const);
  return fc.oneof(
    pick(references).map((it) => ['', it] as const),
    pick(references).map((it) => ['', it.split('/')[1] ?? ''] as const),
    token.map((it) => [':identifier', it] as const),
  );
}

/** A modifier and a value for a parameter of this type: one value, or alternatives. */
export function valueFor(
  type: string,
  references: readonly string[] = REFERENCES,
): fc.Arbitrary<readonly [string, string]> {
  const missing = fc.boolean().map((is) => [':missing', `${is}`] as const);
  const twice = fc
    .tuple(asked(type, references), asked(type, references))
    .map(([[modifier, one], [other, two]]) =>
      modifier === other ? ([modifier, `${one},${two}`] as const) : ([modifier, one] as const),
    );
  return fc.oneof({ weight: 6, arbitrary: twice }, { weight: 1, arbitrary: missing });
}

/** Values for the parts of a composite, one or several alternatives. */
export function compositeFor(types: readonly string[]): fc.Arbitrary<readonly [string, string]> {
  const simple = fc.oneof(pick(CODES), token).map((it): readonly [string, string] => ['', it]);
  const parts = types.map((type) =>
    type === 'token' ? simple : asked(type, REFERENCES).filter(([modifier]) => modifier === ''),
  );
  const together = fc.tuple(...parts).map((all) => all.map(([, it]) => it).join('$'));
  return fc
    .array(together, { minLength: 1, maxLength: 3 })
    .map((all) => ['', all.join(',')] as const);
}

/** Values for elements that have no system: booleans, contact points. */
export const PLAIN_TOKEN: fc.Arbitrary<readonly [string, string]> = pick(CODES).map(
  (it) => ['', it] as const,
);
/** Identifiers: as tokens, and by their types. */
export const IDENTIFIER: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  { weight: 3, arbitrary: valueFor('token') },
  {
    weight: 1,
    arbitrary: fc
      .tuple(pick(SYSTEMS), pick(CODES), pick(CODES))
      .map((all) => [':of-type', all.join('|')] as const),
  },
);
/** A text that is found as a whole. */
export const TEXT_TOKEN: fc.Arbitrary<readonly [string, string]> = pick([...NAMES, 'ADAMS']).map(
  (it) => ['', it] as const,
);
/** Canonical URLs, with and without the version that they state. */
export const CANONICAL: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(pick(['', '', '', ':missing']), pick(CANONICALS))
  .map(([modifier, url]) => [modifier, modifier === '' ? url : 'false'] as const);
export const TRUTH: fc.Arbitrary<readonly [string, string]> = fc
  .boolean()
  .map((it) => ['', `${it}`] as const);
const GENDER = 'http://hl7.org/fhir/administrative-gender';

/** Codes that FHIR itself defines, by their system; one that differs by case alone is another. */
const OWN_CODES: Readonly<Record<string, readonly string[]>> = {
  [GENDER]: ['male', 'Male', 'female'],
  'http://hl7.org/fhir/observation-status': ['final', 'amended'],
  'http://hl7.org/fhir/CodeSystem/medication-statement-status': ['active', 'stopped'],
  'http://hl7.org/fhir/CodeSystem/medicationrequest-status': ['active', 'stopped'],
  'http://hl7.org/fhir/CodeSystem/medicationrequest-intent': ['plan', 'order'],
  'http://hl7.org/fhir/CodeSystem/medication-status': ['active', 'inactive'],
  'http://hl7.org/fhir/request-priority': ['routine', 'urgent'],
  'http://hl7.org/fhir/event-status': ['completed', 'stopped', 'not-done'],
  'http://hl7.org/fhir/document-reference-status': ['current', 'superseded'],
  'http://hl7.org/fhir/document-relationship-type': ['appends', 'signs'],
  'http://hl7.org/fhir/allergy-intolerance-type': ['allergy', 'intolerance'],
  'http://hl7.org/fhir/allergy-intolerance-category': ['food', 'medication'],
  'http://hl7.org/fhir/allergy-intolerance-criticality': ['low', 'high'],
  'http://hl7.org/fhir/reaction-event-severity': ['mild', 'severe'],
  'http://hl7.org/fhir/consent-state-codes': ['active', 'inactive'],
  'http://hl7.org/fhir/address-use': ['work', 'old'],
};

/** Codes of one of FHIR's own systems, with and without the system that they imply. */
export function ownCodeFor(system: string): fc.Arbitrary<readonly [string, string]> {
  const codes = OWN_CODES[system] ?? ['en', 'de', 'a'];
  return fc
    .tuple(
      pick(['', '', '', ':not']),
      pick(['', '', '|', `${system}|`, `${system}|`, `${GENDER}|`, 'urn:s|']),
      pick([...codes, ...codes, 'a']),
    )
    .map(([modifier, start, code]) => [modifier, `${start}${code}`] as const);
}

/** Media types, without and with the parameters of which `:below` makes nothing. */
export const MEDIA_TYPE: fc.Arbitrary<readonly [string, string]> = fc
  .tuple(
    pick(['', ':below', ':not']),
    pick(['text/plain', 'application/pdf', 'text/plain;charset=utf-8']),
  )
  .map(([modifier, type]) => [modifier, type] as const);
