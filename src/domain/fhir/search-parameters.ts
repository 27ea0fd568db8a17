import type { RecordType } from './resource-types.ts';

/** The types that can be searched; each has one row in `SEARCHES`. */
export type SearchableType =
  | 'Patient'
  | 'MedicationStatement'
  | 'AllergyIntolerance'
  | 'Condition'
  | 'Procedure'
  | 'Immunization'
  | 'Observation'
  | 'Consent'
  | 'AuditEvent';

/** One search parameter, as the CapabilityStatement and the OpenAPI document state it. */
export interface SearchParameter {
  readonly name: string;
  /** FHIR's search parameter types (http://hl7.org/fhir/R4/search.html#ptypes). */
  readonly type: 'token' | 'reference' | 'date' | 'string' | 'number';
  /** The canonical URL of the SearchParameter that it implements. */
  readonly definition: string;
  readonly documentation: string;
  /** Further spellings that mean a part of the same parameter: a chain or a modifier. */
  readonly spellings?: readonly string[];
}

/** A reference that `_include` can follow: R4's search parameters whose target a record may hold. */
export interface IncludeParameter {
  /** The search parameter's code: `_include=[type]:[code]`. */
  readonly code: string;
  /** The element that holds the reference or references. */
  readonly element: string;
  readonly targets: readonly RecordType[];
}

/** What a search of one type understands; anything else is unknown there. */
export interface TypeSearch {
  readonly parameters: readonly SearchParameter[];
  readonly includes: readonly IncludeParameter[];
  /** What shapes the answer, not what is found. */
  readonly results: readonly ResultParameter[];
}

export type ResultParameter =
  | '_include'
  | '_format'
  | '_pretty'
  | '_count'
  | '_cursor'
  | '_sort'
  | '_total';

const DEFINITION = 'http://hl7.org/fhir/SearchParameter/';
const PEOPLE = ['Practitioner', 'PractitionerRole', 'Patient', 'Organization'] as const;

const ID: SearchParameter = {
  name: '_id',
  type: 'token',
  definition: `${DEFINITION}Resource-id`,
  documentation: 'The id of the resource. Several, separated by commas, mean any of them.',
};

const PATIENT: SearchParameter = {
  name: 'patient',
  type: 'reference',
  definition: `${DEFINITION}clinical-patient`,
  documentation:
    'Whose record: `[id]`, `Patient/[id]`, or the absolute URL of the Patient. By NHS number as ' +
    '`patient.identifier=https://fhir.nhs.uk/Id/nhs-number|[number]` or `patient:identifier=…`. ' +
    'A search without a patient, and without `_id`, is refused.',
  spellings: ['patient.identifier', 'patient:identifier'],
};

const INCLUDES_PATIENT: IncludeParameter = {
  code: 'patient',
  element: 'patient',
  targets: ['Patient'],
};

/** The search table: the searches run on it, and what the server claims is generated from it. */
export const SEARCHES: Readonly<Record<SearchableType, TypeSearch>> = {
  Patient: {
    parameters: [
      {
        name: 'identifier',
        type: 'token',
        definition: `${DEFINITION}Patient-identifier`,
        documentation: 'The NHS number, as `https://fhir.nhs.uk/Id/nhs-number|[number]`.',
      },
      ID,
    ],
    includes: [
      reference('general-practitioner', 'generalPractitioner', PEOPLE.slice(0, 2), 'Organization'),
      reference('organization', 'managingOrganization', ['Organization']),
    ],
    results: ['_include', '_format', '_pretty'],
  },
  MedicationStatement: clinical('subject', [
    reference('medication', 'medicationReference', ['Medication']),
    reference('source', 'informationSource', PEOPLE),
    reference('part-of', 'partOf', ['MedicationStatement', 'Procedure', 'Observation']),
  ]),
  AllergyIntolerance: clinical('patient', [
    reference('recorder', 'recorder', PEOPLE.slice(0, 3)),
    reference('asserter', 'asserter', PEOPLE.slice(0, 3)),
  ]),
  Condition: clinical('subject', [
    reference('asserter', 'asserter', PEOPLE.slice(0, 3)),
    reference('evidence-detail', 'evidence.detail', ['Observation', 'Condition']),
  ]),
  Procedure: clinical('subject', [
    reference('part-of', 'partOf', ['Procedure', 'Observation']),
    reference('performer', 'performer.actor', PEOPLE),
    reference('reason-reference', 'reasonReference', ['Condition', 'Observation', 'Procedure']),
  ]),
  Immunization: clinical('patient', [
    reference('manufacturer', 'manufacturer', ['Organization']),
    reference('performer', 'performer.actor', PEOPLE.slice(0, 2), 'Organization'),
    reference('reaction', 'reaction.detail', ['Observation']),
  ]),
  Observation: clinical('subject', [
    reference('based-on', 'basedOn', ['MedicationRequest']),
    reference('derived-from', 'derivedFrom', ['Observation']),
    reference('has-member', 'hasMember', ['Observation']),
    reference('part-of', 'partOf', ['MedicationStatement', 'Procedure', 'Immunization']),
    reference('performer', 'performer', PEOPLE),
  ]),
  Consent: clinical('patient', [
    reference('organization', 'organization', ['Organization']),
    reference('consentor', 'performer', PEOPLE),
  ]),
  AuditEvent: {
    parameters: [
      {
        ...audit('patient', 'reference', 'The Patient that it is about; or their NHS number.'),
        spellings: ['patient:Patient', 'patient.identifier', 'patient:identifier'],
      },
      {
        ...audit('agent', 'reference', 'Who did it: the `sub` of the token, exactly.'),
        spellings: ['agent:identifier'],
      },
      audit('date', 'date', 'When it was recorded, with the prefixes eq, gt, ge, lt, le, sa, eb.'),
      audit('action', 'token', 'C, R, U, D or E.'),
      audit('outcome', 'token', '0 (success), 4 (refused) or 8 (failed).'),
      {
        ...audit('entity-name', 'string', 'The beginning of a resource type or operation.'),
        spellings: ['entity-name:exact'],
      },
      {
        name: 'alert',
        type: 'token',
        definition: 'https://scr.example/fhir/SearchParameter/AuditEvent-alert',
        documentation: '`true`: alerts to the caller’s organisation; or an ODS code.',
      },
      {
        name: 'alert-status',
        type: 'token',
        definition: 'https://scr.example/fhir/SearchParameter/AuditEvent-alert-status',
        documentation: 'With `alert`: those that are `open`, `escalated` or `closed`.',
      },
    ],
    includes: [],
    results: ['_count', '_cursor', '_sort', '_total', '_format', '_pretty'],
  },
};

/** Whether a name is that of a type that can be searched. */
export function isSearchable(type: string): type is SearchableType {
  return Object.hasOwn(SEARCHES, type);
}

/** The `_include` values of a type, as a caller writes them. */
export function includeValues(type: SearchableType): readonly string[] {
  const codes = SEARCHES[type].includes.map(({ code }) => `${type}:${code}`);
  return codes.length === 0 ? [] : ['*', ...codes];
}

/** A clinical type: found by patient; `subject` means the same where R4 calls the element so. */
function clinical(
  element: 'patient' | 'subject',
  includes: readonly IncludeParameter[],
): TypeSearch {
  const bySubject: SearchParameter = {
    ...PATIENT,
    name: 'subject',
    documentation: 'The same as `patient`.',
    spellings: ['subject.identifier', 'subject:identifier'],
  };
  const patient = { ...INCLUDES_PATIENT, element };
  return {
    parameters: element === 'subject' ? [PATIENT, bySubject, ID] : [PATIENT, ID],
    includes:
      element === 'subject'
        ? [patient, { ...patient, code: 'subject' }, ...includes]
        : [patient, ...includes],
    results: ['_include', '_format', '_pretty'],
  };
}

function reference(
  code: string,
  element: string,
  targets: readonly RecordType[],
  ...more: readonly RecordType[]
): IncludeParameter {
  return { code, element, targets: [...targets, ...more] };
}

function audit(
  name: string,
  type: SearchParameter['type'],
  documentation: string,
): SearchParameter {
  return { name, type, definition: `${DEFINITION}AuditEvent-${name}`, documentation };
}
