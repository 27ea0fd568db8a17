/** Resources that tests submit; every builder gives valid R4, and takes what a test cares about. */

export const NHS = 'https://fhir.nhs.uk/Id/nhs-number';
export const ODS = 'https://fhir.nhs.uk/Id/ods-organization-code';
const SNOMED = 'http://snomed.info/sct';

/** An organisation as it is referred to everywhere: by its ODS code. */
export function organization(code: string): object {
  return { identifier: { system: ODS, value: code } };
}

/** A Patient registered with a practice. */
export function aPatient(nhsNumber: string, practice: string | null, more: object = {}): object {
  return {
    resourceType: 'Patient',
    id: 'p1',
    identifier: [{ system: NHS, value: nhsNumber }],
    name: [{ family: 'Ó Súilleabháin-Grüße', given: ['Zoë'] }],
    ...(practice === null ? {} : { managingOrganization: organization(practice) }),
    ...more,
  };
}

/** An active repeat medication, identified by its number at its source. */
export function aStatement(identifier: string, more: object = {}): object {
  return {
    resourceType: 'MedicationStatement',
    id: `ms-${identifier}`,
    identifier: [{ system: 'https://source.test/id', value: identifier }],
    status: 'active',
    medicationCodeableConcept: {
      coding: [{ system: SNOMED, code: '322236009', display: 'Paracetamol 500mg tablets' }],
    },
    subject: { reference: 'Patient/p1' },
    effectivePeriod: { start: '2026-01-05' },
    ...more,
  };
}

/** An allergy, identified by its number at its source. */
export function anAllergy(identifier: string, more: object = {}): object {
  return {
    resourceType: 'AllergyIntolerance',
    id: `ai-${identifier}`,
    identifier: [{ system: 'https://source.test/id', value: identifier }],
    clinicalStatus: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
          code: 'active',
        },
      ],
    },
    code: { coding: [{ system: SNOMED, code: '91936005', display: 'Allergy to penicillin' }] },
    patient: { reference: 'Patient/p1' },
    ...more,
  };
}

/** A record Bundle. */
export function aBundle(resources: readonly object[], more: object = {}): object {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    ...more,
    entry: resources.map((resource) => ({ resource })),
  };
}

/** A Consent that makes a choice of the contract's table. */
export function aConsent(
  patient: string,
  policy: string,
  type: 'permit' | 'deny',
  owner: string,
  more: object = {},
): object {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/consentscope',
          code: 'patient-privacy',
        },
      ],
    },
    category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0' }] }],
    patient: { reference: `Patient/${patient}` },
    dateTime: '2026-03-01T09:00:00Z',
    performer: [{ reference: `Patient/${patient}` }],
    organization: [organization(owner)],
    policy: [{ uri: `https://scr.example/fhir/policy/${policy}` }],
    provision: { type },
    ...more,
  };
}
