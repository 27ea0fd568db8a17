import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from './app.ts';
import { aBundle, anAllergy, aPatient, aStatement } from './bundles.ts';
import { type Client, clientOf, submissionOf } from './requests.ts';

const LABEL = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NOPAT' };
export const NOPAT = { meta: { security: [LABEL] } };
const SOURCE = 'https://source.test/id';

/** What is labelled `NOPAT` in the first of two records. */
const HIDDEN_TYPES = ['Condition', 'MedicationStatement', 'Medication', 'Observation'] as const;
type HiddenType = (typeof HIDDEN_TYPES)[number];

/** One of two people whose records look alike to themselves. */
export interface Twin {
  readonly nhsNumber: string;
  readonly record: string;
  readonly person: Client;
  /** Elsewhere, involved in the care of this patient. */
  readonly clinician: Client;
  /** An id that has a hidden entry in the first record, and nothing in the second. */
  hidden(type: HiddenType): string;
  /** The version of that entry. */
  version(type: HiddenType): string;
  /** The id of an allergy that both records have, and everybody sees. */
  open(): string;
  as(token: Omit<TokenRequest, 'now'>): Promise<Client>;
}

/** A Condition that the patient does not see. */
export function hiddenCondition(identifier: string, subject: object, more: object = {}): object {
  return {
    resourceType: 'Condition',
    identifier: [{ system: SOURCE, value: identifier }],
    code: { coding: [{ system: 'http://snomed.info/sct', code: '195967001' }] },
    subject,
    ...NOPAT,
    ...more,
  };
}

/**
 * Two patients of A81001. The first one's record holds entries that they do not see; the second
 * one's is the same without them. All that RY601 recorded is hidden.
 */
export async function twins(
  app: TestApp,
  nhsNumbers: readonly [string, string],
): Promise<readonly [Twin, Twin]> {
  const practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
  const clinic = await clientOf(app, { role: 'care-system', organization: 'RY601' });
  for (const [place, nhsNumber] of nhsNumbers.entries()) {
    const patient = aPatient(nhsNumber, 'A81001');
    const hidden = (resources: readonly object[]) => (place === 0 ? resources : []);
    const seen = [patient, aStatement('1'), anAllergy('2')];
    await submit(practice, [...seen, ...hidden(hiddenResources())]);
    await submit(clinic, [patient, ...hidden([hiddenProcedure()])]);
  }
  const records = nhsNumbers.map((each) => app.context.names.recordId(each));
  const entries = (await app.context.store.currentRecord(records[0] ?? ''))?.entries ?? [];
  const find = (type: string) => entries.find((each) => each.type === type && isHidden(each));
  const made = nhsNumbers.map(async (nhsNumber, place): Promise<Twin> => {
    const record = records[place] ?? '';
    const own = (id = '') => `${record}${id.slice(record.length)}`;
    const as = (token: Omit<TokenRequest, 'now'>) => clientOf(app, token);
    const doctor = { role: 'clinician', organization: 'RX1', purpose: 'TREAT' } as const;
    const allergy = (await app.context.store.currentRecord(record))?.entries.find(
      ({ type }) => type === 'AllergyIntolerance',
    );
    return {
      nhsNumber,
      record,
      person: await as({ role: 'patient', nhsNumber }),
      clinician: await as({ ...doctor, patient: record }),
      hidden: (type) => own(find(type)?.id),
      version: (type) => find(type)?.versionId ?? '',
      open: () => allergy?.id ?? '',
      as,
    };
  });
  return [await (made[0] as Promise<Twin>), await (made[1] as Promise<Twin>)];
}

async function submit(system: Client, resources: readonly object[]): Promise<void> {
  const sent = await system.post('$submit-record', submissionOf(aBundle(resources)));
  if (sent.statusCode !== 200) throw new Error(`a twin was answered with ${sent.body}`);
}

function isHidden({ labels }: { readonly labels: readonly string[] }): boolean {
  return labels.some((label) => label.endsWith('|NOPAT'));
}

/** All that another service recorded. */
function hiddenProcedure(): object {
  return {
    resourceType: 'Procedure',
    id: 'pr-3',
    identifier: [{ system: SOURCE, value: '3' }],
    status: 'completed',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '80146002' }] },
    subject: { reference: 'Patient/p1' },
    ...NOPAT,
  };
}

function hiddenResources(): readonly object[] {
  const medication = {
    resourceType: 'Medication',
    id: 'me-9',
    identifier: [{ system: SOURCE, value: '9' }],
    code: { coding: [{ system: 'http://snomed.info/sct', code: '322236009' }] },
    ...NOPAT,
  };
  const observation = {
    resourceType: 'Observation',
    id: 'ob-7',
    identifier: [{ system: SOURCE, value: '7' }],
    status: 'final',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '75367002' }] },
    subject: { reference: 'Patient/p1' },
    ...NOPAT,
  };
  return [
    hiddenCondition('4', { reference: 'Patient/p1' }, { id: 'co-4' }),
    aStatement('5', {
      medicationCodeableConcept: undefined,
      medicationReference: { reference: 'Medication/me-9' },
      ...NOPAT,
    }),
    medication,
    observation,
  ];
}
