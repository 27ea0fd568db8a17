import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { TestApp } from './app.ts';
import { describeOnBothStores } from './both-stores.ts';
import { aBundle, aPatient, aStatement, NHS } from './bundles.ts';
import { nhsNumbers } from './nhs-numbers.ts';
import { type Client, clientOf, patientIn, submissionOf } from './requests.ts';

/** Longer than any test moves the clock of its file on. */
const LIFETIME_HOURS = 24 * 365;

/** The system of the identifiers that tests give to entries. */
export const SOURCE = 'https://source.test/id';

/** Callers who write, and a patient of A81001 whom no test before has met. */
export interface Writing {
  app: TestApp;
  /** The systems of the registered practice, of another one, and of a service. */
  practice: Client;
  other: Client;
  nurses: Client;
  /** A clinician elsewhere who looks at the patient's record. */
  clinician: Client;
  nhsNumber: string;
  patient: string;
  /** Another NHS number that no record has, another one each time. */
  unknownNumber(): string;
  /** Creates a MedicationStatement with this identifier for the patient. */
  create(
    client: Client,
    identifier: string,
    more?: object,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  /** How many MedicationStatements of the patient a caller sees. */
  total(client: Client): Promise<number>;
}

/** A statement about a patient named by NHS number, as a system that knows no ids here sends it. */
export function statementOf(nhsNumber: string, identifier: string, more: object = {}): object {
  const subject = { identifier: { system: NHS, value: nhsNumber } };
  return { ...aStatement(identifier), id: undefined, subject, ...more };
}

/** The id of the resource in an answer. */
export function idIn(answer: LightMyRequestResponse): string {
  return answer.json().id;
}

/** The statuses of some answers. */
export function codes(answers: readonly LightMyRequestResponse[]): number[] {
  return answers.map(({ statusCode }) => statusCode);
}

/** Describes writing on both stores, with a new patient for each test. */
export function describeWriting(title: string, define: (writing: Writing) => void): void {
  describeOnBothStores(title, (start) => {
    const numbers = nhsNumbers(100);
    const nextNumber = () => numbers.pop() ?? '';
    const writing = {
      unknownNumber: nextNumber,
      create: (client, identifier, more = {}, headers = {}) => {
        const body = statementOf(writing.nhsNumber, identifier, more);
        return client.post('MedicationStatement', body, headers);
      },
      total: async (client) =>
        (await client.get(`MedicationStatement?patient=${writing.patient}`)).json().total,
    } as Writing;
    beforeAll(async () => {
      const app = await start();
      writing.app = app;
      const gp = { role: 'gp-system', lifetimeHours: LIFETIME_HOURS } as const;
      writing.practice = await clientOf(app, { ...gp, organization: 'A81001' });
      writing.other = await clientOf(app, { ...gp, organization: 'B82002' });
      const care = { ...gp, role: 'care-system' } as const;
      writing.nurses = await clientOf(app, { ...care, organization: 'RY601' });
    });
    afterAll(() => writing.app.close());
    beforeEach(() => register(writing, nextNumber()));
    define(writing);
  });
}

async function register(writing: Writing, nhsNumber: string): Promise<void> {
  const record = aBundle([aPatient(nhsNumber, 'A81001')]);
  const answer = await writing.practice.post('$submit-record', submissionOf(record));
  expect(answer.statusCode).toBe(200);
  const patient = patientIn(answer);
  const caller = { role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient } as const;
  Object.assign(writing, { nhsNumber, patient, clinician: await clientOf(writing.app, caller) });
}
