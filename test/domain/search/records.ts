import fc from 'fast-check';
import type { Resource } from './naive.ts';
import {
  CODES,
  choice,
  coding,
  concept,
  DATES,
  date,
  few,
  identifier,
  MEDIA_TYPES,
  NAMES,
  name,
  period,
  pick,
  quantity,
  range,
  reference,
  SYSTEMS,
  some,
} from './vocabulary.ts';

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
