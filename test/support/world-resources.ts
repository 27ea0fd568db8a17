import { aBundle, aConsent, NHS, organization } from './bundles.ts';
import {
  ACTORS,
  type Choosing,
  dayBefore,
  type EntrySpec,
  HOUR_MS,
  PATIENTS,
  SENSITIVE_CODE,
  type Submission,
} from './worlds.ts';

const SNOMED = 'http://snomed.info/sct';
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const HL7 = 'http://terminology.hl7.org/CodeSystem';
const SOURCE = 'https://source.test/id';

/** The record Bundle of a submission. */
export function bundleOf(step: Submission): object {
  const nhsNumber = PATIENTS[step.patient];
  const patient = {
    resourceType: 'Patient',
    id: 'p1',
    ...labelled(step.patientLabel),
    identifier: [{ system: NHS, value: nhsNumber }],
    name: [{ family: `Family${step.name}`, given: ['Given'] }],
    managingOrganization: organization(step.practice),
  };
  return aBundle([patient, ...step.entries.map(resourceOf)]);
}

/** The Consent of a choice, recorded at a moment about entries under these ids. */
export function consentOf(
  step: Choosing,
  patientId: string,
  at: number,
  references: readonly string[],
): object {
  const instant = (hours: number) => new Date(at + hours * HOUR_MS).toISOString();
  const { fromHours, untilHours } = step;
  const period = {
    ...(fromHours === null ? {} : { start: instant(fromHours) }),
    ...(untilHours === null ? {} : { end: instant(untilHours) }),
  };
  const type = step.permits ? 'permit' : 'deny';
  const provision = {
    type,
    ...(Object.keys(period).length === 0 ? {} : { period }),
    ...(references.length === 0
      ? {}
      : {
          data: references.map((reference) => ({ meaning: 'instance', reference: { reference } })),
        }),
  };
  const more = { status: step.status, dateTime: instant(step.madeHours), provision };
  return aConsent(patientId, step.policy, type, step.organization, more);
}

/** An entry as its source sends it. */
export function resourceOf(spec: EntrySpec): object {
  return {
    resourceType: spec.type,
    id: `${spec.type}-${spec.number}`,
    ...labelled(spec.label),
    extension: [
      { url: 'https://source.test/content', valueString: `content ${spec.content}` },
      ...(spec.type === 'Provenance' ? [] : spec.refs).map((ref) => ({
        url: 'https://source.test/related',
        valueReference: sentReference(ref),
      })),
    ],
    // A Provenance has none: it is known by its id.
    ...(spec.type !== 'Provenance' && {
      identifier: [{ system: SOURCE, value: String(spec.number) }],
    }),
    ...BODY_OF[spec.type](spec),
  };
}

/** A reference as its source sends it, to another entry of the same extract. */
function sentReference(ref: string): { readonly reference: string } {
  return { reference: ref.replace('/', `/${ref.split('/')[0]}-`) };
}

const BODY_OF: Record<EntrySpec['type'], (spec: EntrySpec) => object> = {
  MedicationStatement: (spec) => ({
    ...(spec.prescription === null ? {} : { ...withIssue(spec) }),
    status: spec.status,
    ...medicationOf(spec),
    subject: { reference: 'Patient/p1' },
    effectivePeriod: {
      start: dayBefore(spec.startDays ?? 700),
      ...(spec.endDays === null ? {} : { end: dayBefore(spec.endDays) }),
    },
    ...basedOn(spec),
  }),
  AllergyIntolerance: (spec) => ({
    clinicalStatus: concept(`${HL7}/allergyintolerance-clinical`, 'active'),
    verificationStatus: concept(`${HL7}/allergyintolerance-verification`, 'confirmed'),
    code: codeOf(spec, '91936005'),
    patient: { reference: 'Patient/p1' },
  }),
  Condition: (spec) => ({
    clinicalStatus: concept(`${HL7}/condition-clinical`, 'active'),
    code: codeOf(spec, '38341003'),
    subject: { reference: 'Patient/p1' },
  }),
  Procedure: (spec) => ({
    status: 'completed',
    code: codeOf(spec, '80146002'),
    subject: { reference: 'Patient/p1' },
    performedDateTime: '2025-01-01',
    contained: [found(spec)],
    reasonReference: [{ reference: '#found' }],
  }),
  Immunization: (spec) => ({
    status: 'completed',
    vaccineCode: codeOf(spec, '39114911000001105'),
    patient: { reference: 'Patient/p1' },
    occurrenceDateTime: '2025-01-01',
  }),
  Observation: (spec) => ({
    status: 'final',
    code: codeOf(spec, '75367002'),
    subject: { reference: 'Patient/p1' },
    effectiveDateTime: '2025-01-01',
  }),
  DocumentReference: (spec) => ({
    status: 'current',
    type: codeOf(spec, '823681000000100'),
    subject: { reference: 'Patient/p1' },
    content: [{ attachment: { contentType: 'text/plain', data: 'TGV0dGVy' } }],
  }),
  Provenance: ({ refs }) => {
    const isActor = (ref: string) => ACTORS.includes(ref.split('/')[0] ?? '');
    const targets = refs.filter((ref) => !isActor(ref)).map(sentReference);
    const actors = refs.filter(isActor).map(sentReference);
    return {
      // What is about nothing in the record is about something elsewhere.
      target: targets.length === 0 ? [{ reference: 'Basic/elsewhere' }] : targets,
      recorded: '2025-01-01T00:00:00Z',
      agent: [{ display: 'Somebody' }, ...actors].map((who) => ({ who })),
    };
  },
  Medication: (spec) => ({ code: codeOf(spec, '322236009') }),
  MedicationRequest: (spec) => ({
    status: 'active',
    intent: 'plan',
    medicationCodeableConcept: codeOf(spec, '322236009'),
    subject: { reference: 'Patient/p1' },
    ...courseOf(spec),
  }),
  Practitioner: () => ({ name: [{ family: 'Khan' }] }),
  Organization: () => ({ name: 'A service' }),
};

/** What travels inside an entry, and is seen by who sees that. */
function found(spec: EntrySpec): object {
  return {
    resourceType: 'Observation',
    id: 'found',
    status: 'final',
    code: codeOf(spec, '75367002'),
    subject: { reference: 'Patient/p1' },
    valueString: `content ${spec.content}`,
  };
}

function medicationOf(spec: EntrySpec): object {
  const ref = spec.refs.find((each) => each.startsWith('Medication/'));
  if (ref === undefined || spec.sensitive) {
    return { medicationCodeableConcept: codeOf(spec, '322236009') };
  }
  return { medicationReference: { reference: ref.replace('/', '/Medication-') } };
}

function basedOn(spec: EntrySpec): object {
  const plans = spec.refs.filter((each) => each.startsWith('MedicationRequest/'));
  if (plans.length === 0) return {};
  return {
    basedOn: plans.map((each) => ({ reference: each.replace('/', '/MedicationRequest-') })),
  };
}

/** The extensions of a MedicationStatement: those of every entry, its own kind, its last issue. */
function withIssue(spec: EntrySpec): object {
  const { prescription, issuedDays } = spec;
  const related = (resourceOfExtensions(spec) as { extension: object[] }).extension;
  const kind = {
    url: 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-PrescriptionType-1',
    valueCodeableConcept: {
      coding: [
        {
          system: 'https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PrescriptionType-1',
          code: prescription,
        },
      ],
    },
  };
  const issue = {
    url: 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-MedicationStatementLastIssueDate-1',
    valueDateTime: dayBefore(issuedDays ?? 0),
  };
  return { extension: [...related, kind, ...(issuedDays === null ? [] : [issue])] };
}

function resourceOfExtensions(spec: EntrySpec): object {
  const { extension } = resourceOf({ ...spec, type: 'Practitioner' }) as { extension: object[] };
  return { extension };
}

function courseOf({ prescription }: EntrySpec): object {
  if (prescription === null) return {};
  const code = prescription === 'acute' ? 'acute' : 'continuous';
  return { courseOfTherapyType: concept(`${HL7}/medicationrequest-course-of-therapy`, code) };
}

function codeOf(spec: EntrySpec, code: string): object {
  return concept(SNOMED, spec.sensitive ? SENSITIVE_CODE : code);
}

function concept(system: string, code: string): object {
  return { coding: [{ system, code, display: `Display of ${code}` }], text: `Text of ${code}` };
}

function labelled(label: EntrySpec['label']): object {
  if (label === '') return {};
  const system = label === 'NOPAT' ? ACT_CODE : CONFIDENTIALITY;
  return { meta: { security: [{ system, code: label }] } };
}
