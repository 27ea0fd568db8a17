import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { TestApp } from './app.ts';
import { describeOnBothStores } from './both-stores.ts';
import { aBundle, anAllergy, aPatient, aStatement } from './bundles.ts';
import { nhsNumbers } from './nhs-numbers.ts';
import { type Client, clientOf, submissionOf } from './requests.ts';

/** The system of the identifiers that entries have here. */
export const SOURCE = 'https://source.test/id';

/** A record with open and with private entries, new for each test, and those who ask about it. */
export interface LeakRecord {
  app: TestApp;
  /** The system of those who recorded it. */
  practice: Client;
  /** A clinician elsewhere. */
  viewer: Client;
  nhsNumber: string;
  patient: string;
  /** NHS numbers that no record has. */
  readonly numbers: string[];
  /** The id of a private statement, and one of the same shape that nothing has. */
  hidden(): string;
  never(): string;
  /** What the viewer's token says. */
  viewing(): { role: 'clinician'; organization: string; purpose: string; patient: string };
  submit(client: Client, resources: object[], nhsNumber?: string): Promise<void>;
  find(client: Client, query: string): Promise<Found>;
  /** The search for all statements, with more parameters. */
  statements(more?: string): string;
}

/** A searchset, as far as these tests look. */
export interface Found {
  readonly total?: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: { readonly id: string } }[];
}

/** The ids of what was found. */
export function ids(found: Found): readonly string[] {
  return (found.entry ?? []).map(({ resource }) => resource.id);
}

/** Labels for a resource, by their codes of confidentiality. */
export function labelled(...codes: string[]): object {
  const system = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
  return { meta: { security: codes.map((code) => ({ system, code })) } };
}

/** Describes what is asked about such records, on both stores. */
export function describeLeaks(title: string, define: (p: LeakRecord) => void): void {
  describeOnBothStores(title, (start) => {
    const p = recordToAskAbout();
    beforeAll(async () => {
      p.app = await start();
      p.practice = await clientOf(p.app, { role: 'gp-system', organization: 'A81001' });
    });
    afterAll(() => p.app.close());
    beforeEach(async () => {
      p.nhsNumber = p.numbers.pop() ?? '';
      p.patient = p.app.context.names.recordId(p.nhsNumber);
      p.viewer = await clientOf(p.app, p.viewing());
      await p.submit(p.practice, [
        aStatement('1'),
        aStatement('h', labelled('R')),
        aStatement('2'),
        aStatement('both', labelled('N', 'R')),
        aStatement('3', labelled('PSY')),
        anAllergy('1'),
      ]);
    });
    define(p);
  });
}

function recordToAskAbout(): LeakRecord {
  const p = {
    numbers: nhsNumbers(100),
    hidden: () => p.app.context.names.entryId(p.patient, `A81001|MedicationStatement|${SOURCE}|h`),
    never: () => `${p.patient}-000000000000000000000000`,
    viewing: () => ({
      role: 'clinician',
      organization: 'RX1',
      purpose: 'TREAT',
      patient: p.patient,
    }),
    submit: async (client, resources, nhsNumber = p.nhsNumber) => {
      const bundle = aBundle([aPatient(nhsNumber, 'A81001'), ...resources]);
      const answer = await client.post('$submit-record', submissionOf(bundle));
      expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
    },
    find: async (client, query) => {
      const answer = await client.get(query);
      expect([query, answer.statusCode]).toEqual([query, 200]);
      return answer.json();
    },
    statements: (more = '') => `MedicationStatement?patient=${p.patient}${more}`,
  } as LeakRecord;
  return p;
}
