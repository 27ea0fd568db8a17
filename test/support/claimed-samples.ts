import type { TestApp } from './app.ts';
import {
  aBundle,
  aConsent,
  anAllergy,
  aPatient,
  aStatement,
  NHS,
  organization,
} from './bundles.ts';
import { nhsNumbers } from './nhs-numbers.ts';
import { claimOf } from './parameters.ts';
import { type Client, clientOf, patientIn, submissionOf } from './requests.ts';
import { SOURCE } from './writing.ts';

type Body = Readonly<Record<string, unknown>>;
type Answer = Awaited<ReturnType<Client['get']>>;

/** A resource as it is sent, and criteria that meet it alone. */
export interface Sample {
  readonly body: Body;
  readonly criteria: string;
}

/** A record with a resource of every type, and callers who may do all that can be done to it. */
export interface Samples {
  readonly nhsNumber: string;
  readonly patient: string;
  readonly record: object;
  readonly practice: Client;
  readonly staff: Client;
  readonly viewer: Client;
  readonly auditor: Client;
  readonly officer: Client;
  /** The id of the resource of a type. */
  idOf(type: string): string;
  /** Another resource of a type, which is not there yet. */
  fresh(type: string): Sample;
  /** Another resource of a type, which is. */
  written(type: string, client: Client): Promise<Sample & { readonly id: string }>;
  /** A value that a search parameter of this kind understands. */
  valueFor(name: string, kind: string): string;
}

const CODE = { text: 'Something', coding: [{ system: 'http://snomed.info/sct', code: '1' }] };

async function callersOf(app: TestApp, patient: string) {
  const viewing = { role: 'clinician', organization: 'RX1', purpose: 'ETREAT', patient } as const;
  return {
    practice: await clientOf(app, { role: 'gp-system', organization: 'A81001' }),
    staff: await clientOf(app, { role: 'practice-staff', organization: 'A81001' }),
    viewer: await clientOf(app, viewing),
    auditor: await clientOf(app, { role: 'auditor', organization: 'X26' }),
    officer: await clientOf(app, { role: 'privacy-officer', organization: 'RX1' }),
  };
}

/** Submits the record to an empty server. */
export async function claimedSamples(app: TestApp): Promise<Samples> {
  const numbers = nhsNumbers(50);
  const nhsNumber = numbers.pop() ?? '';
  const patient = app.context.names.recordId(nhsNumber);
  const callers = await callersOf(app, patient);
  const { practice, staff, viewer, auditor } = callers;
  const entries = Object.entries(OTHERS).map(([type, more]) => sampleOf(type, '1', more));
  const record = aBundle([
    aPatient(nhsNumber, 'A81001'),
    sampleOf('MedicationStatement', '1', BY_REFERENCE),
    sampleOf('AllergyIntolerance', '1'),
    ...entries,
  ]);
  const sent = await practice.post('$submit-record', submissionOf(record));
  if (sent.statusCode !== 200) throw new Error(sent.body);
  const ids = new Map<string, string>();
  const note = (resource: { resourceType: string; id: string }) =>
    ids.set(resource.resourceType, resource.id);
  const all = await practice.get(`Patient/${patientIn(sent)}/$everything`);
  for (const { resource } of all.json().entry) note(resource);
  note((await staff.post('Consent', consentOf(patient, 1))).json());
  note((await viewer.get(`Patient/${patient}/$summary`)).json());
  await viewer.post('$claim-relationship', claimOf(nhsNumber, 'care-episode'));
  note((await auditor.get('AuditEvent?action=R')).json().entry[0].resource);

  let last = 1;
  const fresh = (type: string): Sample => {
    last += 1;
    if (type === 'Patient') {
      const own = numbers.pop() ?? '';
      return { body: aPatient(own, 'A81001') as Body, criteria: `identifier=${NHS}|${own}` };
    }
    const number = String(last);
    // A Provenance is about whom its target is about.
    const criteria =
      type === 'Provenance'
        ? `recorded=${momentOf(number)}&target=Condition/${ids.get('Condition')}`
        : `identifier=${SOURCE}|${type}-${number}&patient=${patient}`;
    if (type === 'Consent') return { body: consentOf(patient, last), criteria };
    return { body: about(sampleOf(type, number, OTHERS[type]), ids), criteria };
  };
  const written = async (type: string, client: Client) => {
    const sample = fresh(type);
    if (!NAMELESS.includes(type)) {
      const made = await client.post(type, sample.body);
      if (made.statusCode !== 201) throw new Error(`${type}: ${made.body}`);
      return { ...sample, id: String(made.json().id) };
    }
    const companion = referring(type, String(last), ids);
    const entry = [
      { fullUrl: COMPANION, resource: sample.body, request: { method: 'POST', url: type } },
      { resource: companion, request: { method: 'POST', url: companion.resourceType } },
    ];
    const answer = await client.post('', { resourceType: 'Bundle', type: 'transaction', entry });
    if (answer.statusCode !== 200) throw new Error(`${type}: ${answer.body}`);
    const [, id = ''] = /\/([^/]+)\/_history/.exec(answer.json().entry[0].response.location) ?? [];
    return { ...sample, id };
  };
  return {
    ...{ nhsNumber, patient, record, ...callers },
    idOf: (type) => ids.get(type) ?? 'none',
    fresh,
    written,
    valueFor: (name, kind) =>
      kind === 'reference' ? `Patient/${patient}` : (VALUES[name] ?? KINDS[kind] ?? ''),
  };
}

/** The first answer of `$validate` that is no success, asked in each way; else the last. */
export async function validated(client: Client, type: string, samples: Samples) {
  const { body } = samples.fresh(type);
  const path = `${type}/${samples.idOf(type)}/$validate`;
  const answers = [
    await client.get(path),
    await client.post(`${path}?mode=update`, body),
    await client.get(`${path}?mode=delete`),
    await client.post(`${type}/$validate`, body),
  ];
  return answers.find(({ statusCode }) => statusCode !== 200) ?? (answers.at(-1) as Answer);
}

const MEDICATION = { reference: 'Medication/Medication-1' };
const BY_REFERENCE = { medicationCodeableConcept: undefined, medicationReference: MEDICATION };

/** What each of the other types must have. References are to others of the same record. */
const OTHERS: Readonly<Record<string, Body>> = {
  Condition: { code: CODE, subject: {} },
  Procedure: { status: 'completed', code: CODE, subject: {} },
  Immunization: {
    status: 'completed',
    vaccineCode: CODE,
    occurrenceDateTime: '2026-01-05',
    patient: {},
    performer: ['Practitioner', 'PractitionerRole', 'Organization'].map((type) => ({
      actor: { reference: `${type}/${type}-1` },
    })),
  },
  Observation: { status: 'final', code: CODE, valueString: 'a', subject: {} },
  DocumentReference: {
    status: 'current',
    content: [{ attachment: { contentType: 'text/plain', title: 'A letter' } }],
    subject: {},
  },
  Medication: { code: CODE },
  MedicationRequest: {
    status: 'active',
    intent: 'plan',
    medicationReference: MEDICATION,
    subject: {},
  },
  Practitioner: { name: [{ family: 'Khan' }] },
  PractitionerRole: { code: [CODE] },
  Organization: { name: 'A surgery' },
  Provenance: {
    target: [{ reference: 'Condition/Condition-1' }],
    recorded: '2026-01-05T09:00:00Z',
    agent: [{ who: organization('A81001') }],
  },
};

/** Types that do not say whose record they are in: new ones come with what refers to them. */
const NAMELESS = ['Medication', 'Practitioner', 'PractitionerRole', 'Organization'];

function sampleOf(type: string, number: string, more: Body = {}): Body {
  if (type === 'MedicationStatement') return named(aStatement(number, more) as Body, type, number);
  if (type === 'AllergyIntolerance') return named(anAllergy(number) as Body, type, number);
  const subject = { reference: 'Patient/p1' };
  const whose = 'subject' in more ? { subject } : 'patient' in more ? { patient: subject } : {};
  return named({ resourceType: type, ...more, ...whose }, type, number);
}

/** A Provenance is known by its moment, as it has no identifier. */
function named(body: Body, type: string, number: string): Body {
  const id = `${type}-${number}`;
  if (type === 'Provenance') return { ...body, id, recorded: momentOf(number) };
  return { ...body, id, identifier: [{ system: SOURCE, value: id }] };
}

function momentOf(number: string): string {
  return `2026-01-05T09:00:${number.padStart(2, '0')}Z`;
}

/** A resource with references to what is in the record already. */
function about(body: Body, ids: ReadonlyMap<string, string>): Body {
  const text = JSON.stringify(body).replace(/"(\w+)\/(?:p1|\1-1)"/g, (_, type: string) => {
    return JSON.stringify(`${type}/${ids.get(type)}`);
  });
  return JSON.parse(text) as Body;
}

/** An entry that refers to a resource that comes with it. */
function referring(type: string, number: string, ids: ReadonlyMap<string, string>): Body {
  const reference = { reference: COMPANION };
  const entry =
    type === 'Medication'
      ? sampleOf('MedicationStatement', number, {
          medicationCodeableConcept: undefined,
          medicationReference: reference,
        })
      : sampleOf('Immunization', number, {
          ...OTHERS.Immunization,
          performer: [{ actor: reference }],
        });
  return about(entry, ids);
}

const COMPANION = 'urn:uuid:6b6f8c5e-52a5-4a3b-9d20-4f0f6c1d7e11';

function consentOf(patient: string, number: number): Body {
  const dateTime = `2026-03-01T09:00:${String(number).padStart(2, '0')}Z`;
  return aConsent(patient, 'sharing-out', 'permit', 'A81001', { dateTime }) as Body;
}

/** Values by the name of a parameter, where its kind is not enough to tell. */
const VALUES: Readonly<Record<string, string>> = {
  _lastUpdated: 'gt2020',
  alert: 'true',
  'alert-status': 'open',
  'code-value-concept': '1$1',
  'code-value-date': '1$2026',
  'code-value-quantity': '1$1',
  'code-value-string': '1$a',
  'combo-code-value-concept': '1$1',
  'combo-code-value-quantity': '1$1',
  'component-code-value-concept': '1$1',
  'component-code-value-quantity': '1$1',
  relationship: 'DocumentReference/1$replaces',
  active: 'true',
  birthOrderBoolean: 'true',
  deceased: 'true',
  action: 'R',
  outcome: '0',
};

/** Values by the kind of a parameter. */
const KINDS: Readonly<Record<string, string>> = {
  token: '1',
  date: '2026',
  string: 'a',
  uri: 'urn:a',
  number: '1',
  quantity: '1',
};
