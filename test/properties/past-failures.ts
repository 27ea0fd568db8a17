import { recordIdOf } from '../support/play-worlds.ts';
import type { EntrySpec, Step, Submission, World, WorldCaller } from '../support/worlds.ts';

/** Two worlds that once were told apart, as small as they were shrunk. */
export interface PastFailure {
  readonly title: string;
  readonly one: World;
  readonly other: World;
  readonly me: WorldCaller;
  /** What told them apart, and what stands near it. */
  readonly urls: readonly string[];
}

const ID = recordIdOf(0);

function worldOf(...slots: (Step | null)[]): World {
  return { slots };
}

function submission(organization: string, ...entries: EntrySpec[]): Submission {
  const system = organization.startsWith('A8') ? 'gp-system' : 'care-system';
  const common = { kind: 'submit', patient: 0, practice: 'A81001', name: 0 } as const;
  return { ...common, system, organization, patientLabel: '', entries };
}

function entry(type: EntrySpec['type'], more: Partial<EntrySpec> = {}): EntrySpec {
  return {
    type,
    number: 1,
    content: 0,
    label: '',
    sensitive: false,
    refs: [],
    prescription: null,
    status: 'active',
    startDays: null,
    endDays: null,
    issuedDays: null,
    ...more,
  };
}

function access(type: string): Step {
  return { kind: 'access', patient: 0, by: 'clinician', type };
}

const PATIENT: WorldCaller = {
  role: 'patient',
  organization: '',
  purpose: null,
  launch: null,
  nhs: 0,
  subject: 'the-caller',
};

const VIEWER: WorldCaller = {
  ...PATIENT,
  role: 'clinician',
  organization: 'RX9',
  purpose: 'TREAT',
  launch: 0,
  nhs: null,
};

const visible = [
  entry('Medication'),
  entry('MedicationStatement'),
  entry('MedicationStatement', { number: 2 }),
] as const;
const RECORD_URLS = [
  `_history?patient=${ID}`,
  `Patient/${ID}/$everything`,
  `Patient/${ID}/$summary`,
];

export const PAST_FAILURES: readonly PastFailure[] = [
  {
    title: 'The order of entries told of a hidden version that was there before the others',
    one: worldOf(submission('RY601'), submission('RY601', ...visible)),
    other: worldOf(
      submission('RY601', entry('MedicationStatement', { number: 2, label: 'NOPAT', content: 1 })),
      submission('RY601', ...visible),
    ),
    me: PATIENT,
    urls: [...RECORD_URLS, `MedicationStatement?patient=${ID}`],
  },
  {
    title: 'The history of a Patient told that another service had submitted before the practice',
    one: worldOf(submission('RY601', entry('Condition', { label: 'R' })), submission('A81001')),
    other: worldOf(null, submission('A81001')),
    me: VIEWER,
    urls: [...RECORD_URLS, `Patient/${ID}/_history`, `Patient/_history?patient=${ID}`],
  },
  {
    title: 'The log told a service’s officer whether somebody had submitted before the service did',
    one: worldOf(submission('A81001'), submission('RX1', entry('Condition')), submission('RX1')),
    other: worldOf(null, submission('RX1', entry('Condition')), submission('RX1')),
    me: { ...PATIENT, role: 'privacy-officer', organization: 'RX1', nhs: null },
    urls: ['AuditEvent', `AuditEvent?patient=${ID}`, 'AuditEvent?entity-name=Patient'],
  },
  {
    title: 'The log told a patient that a clinician was shown what only a hidden entry leads to',
    one: worldOf(
      submission(
        'A81001',
        entry('Practitioner'),
        entry('MedicationStatement', { label: 'NOPAT', refs: ['Practitioner/1'] }),
      ),
      access('MedicationStatement'),
      access('$everything'),
      access('$summary'),
    ),
    other: worldOf(
      submission('A81001', entry('Practitioner')),
      access('MedicationStatement'),
      access('$everything'),
      access('$summary'),
    ),
    me: PATIENT,
    urls: ['AuditEvent', `AuditEvent?patient=${ID}&entity-name=Practitioner`],
  },
  {
    title:
      'The log told a patient by the types of what others found that a hidden entry withheld one',
    one: worldOf(
      submission(
        'A81001',
        entry('Medication', { label: 'NOPAT', sensitive: true }),
        entry('MedicationStatement', { refs: ['Medication/1'] }),
      ),
      access('$everything'),
      access('$summary'),
    ),
    other: worldOf(
      submission(
        'A81001',
        entry('Medication', { label: 'NOPAT' }),
        entry('MedicationStatement', { refs: ['Medication/1'] }),
      ),
      access('$everything'),
      access('$summary'),
    ),
    me: PATIENT,
    urls: ['AuditEvent', `AuditEvent?patient=${ID}&entity-name=MedicationStatement`],
  },
  {
    title: 'The summary of a patient whose Patient is withheld was a failure of the server',
    one: worldOf({ ...submission('A81001', ...visible), patientLabel: 'R' }),
    other: worldOf({ ...submission('A81001', ...visible), patientLabel: 'R', name: 1 }),
    me: VIEWER,
    urls: [...RECORD_URLS, `Patient/${ID}`],
  },
];
