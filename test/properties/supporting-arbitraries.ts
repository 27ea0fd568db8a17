import fc from 'fast-check';
import {
  choice,
  coding,
  concept,
  date,
  few,
  identifier,
  MEDIA_TYPES,
  NAMES,
  name,
  period,
  pick,
  SYSTEMS,
} from '../domain/search/vocabulary.ts';
import {
  ANYTHING,
  address,
  joined,
  MOMENTS,
  most,
  type To,
  telecom,
  WHO,
} from './element-arbitraries.ts';

/** What is clinical only by what it belongs to. */
export const SUPPORTING: Readonly<Record<string, (to: To) => fc.Arbitrary<object>>> = {
  Medication: (to) =>
    most({
      ...{ code: concept, status: pick(['active', 'inactive']), form: concept },
      manufacturer: to('Organization'),
      batch: most({ lotNumber: pick(NAMES), expirationDate: date }),
      ingredient: few(
        fc.oneof(
          concept.map((itemCodeableConcept) => ({ itemCodeableConcept })),
          to('Medication').map((itemReference) => ({ itemReference })),
        ),
      ),
    }),
  Practitioner: () =>
    most({
      ...{ active: fc.boolean(), name: few(name), gender: pick(['male', 'female']) },
      ...{ telecom, address, communication: few(concept) },
    }),
  PractitionerRole: (to) =>
    most({
      ...{ active: fc.boolean(), period, practitioner: to('Practitioner'), code: few(concept) },
      ...{ organization: to('Organization'), specialty: few(concept), telecom },
    }),
  Organization: (to) =>
    joined(
      fc.record({ name: pick(NAMES) }),
      most({
        ...{ active: fc.boolean(), type: few(concept), alias: few(pick(NAMES)) },
        ...{ address, partOf: to('Organization') },
      }),
    ),
};

/** Documents, and what tells of others. */
export const TELLING: Readonly<Record<string, (to: To) => fc.Arbitrary<object>>> = {
  DocumentReference: (to) =>
    joined(
      fc.record({
        status: pick(['current', 'superseded']),
        content: few(
          joined(
            fc.record({
              attachment: joined(
                fc.record({ contentType: pick(MEDIA_TYPES), url: pick(SYSTEMS) }),
                most({ language: pick(['en', 'de']) }),
              ),
            }),
            most({ format: coding }),
          ),
        ),
      }),
      most({
        ...{ masterIdentifier: identifier, type: concept, category: few(concept) },
        ...{ date: pick(MOMENTS), description: pick(NAMES), securityLabel: few(concept) },
        ...{ author: few(to(...WHO)), authenticator: to('Practitioner', 'Organization') },
        custodian: to('Organization'),
        relatesTo: few(
          fc.record({ code: pick(['appends', 'signs']), target: to('DocumentReference') }),
        ),
        context: most({
          ...{ event: few(concept), facilityType: concept, practiceSetting: concept, period },
          related: few(to(...ANYTHING)),
        }),
      }),
    ),
  Provenance: (to) =>
    joined(
      fc.record({
        target: few(to(...ANYTHING)),
        recorded: pick(MOMENTS),
        agent: few(
          joined(fc.record({ who: to(...WHO) }), most({ type: concept, role: few(concept) })),
        ),
      }),
      most({
        entity: few(fc.record({ role: fc.constant('source'), what: to(...ANYTHING) })),
      }),
      choice({ occurredDateTime: date, occurredPeriod: period }),
    ),
};
