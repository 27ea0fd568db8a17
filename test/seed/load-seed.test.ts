import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import { type App, buildApp } from '../../src/app.ts';
import { loadSeed } from '../../src/cli/seed.ts';
import { readSeedProgress, writeSeedProgress } from '../../src/cli/seed-progress.ts';
import { tryItCommands } from '../../src/cli/try-it.ts';
import { type Config, readConfig } from '../../src/config.ts';

const NHS = 'https://fhir.nhs.uk/Id/nhs-number';

let directory: string;
let config: Config;
let app: App;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scr-seed-'));
  const read = readConfig({
    SCR_STORE: `sqlite:${join(directory, 'scr.db')}`,
    SCR_DATA_DIR: directory,
    SCR_LOG_LEVEL: 'silent',
  });
  if (!read.ok) throw new Error(read.faults.join());
  config = read.config;
  app = await buildApp(config);
  await loadSeed(app, config);
}, 30_000);

afterAll(async () => {
  await app.close();
  await rm(directory, { recursive: true });
});

describe('the demonstration data, as an urgent-care clinician sees it', () => {
  test('shows what lies inside every summary window, and nothing outside', async () => {
    const medicines = await seen('MedicationStatement', '9990000026');
    expect(medicines).toEqual([
      'Amlodipine 10mg tablets',
      'Atorvastatin 20mg tablets',
      'Digoxin 125microgram tablets',
      'Doxycycline 100mg capsules',
      'Furosemide 40mg tablets',
      'Omeprazole 20mg gastro-resistant capsules',
      'Prednisolone 5mg gastro-resistant tablets',
    ]);
    const own = await seen('MedicationStatement', '9990000026', GP);
    expect(own.filter((each) => !medicines.includes(each))).toEqual([
      'Amoxicillin 500mg capsules',
      'Chloramphenicol 1% eye ointment',
      'Ibuprofen 200mg tablets',
    ]);
  });

  test('shows nothing of the patient who opted out, whose practice sees it all', async () => {
    expect(await seen('AllergyIntolerance', '9990000034')).toEqual([]);
    expect(await seen('AllergyIntolerance', '9990000034', GP)).toEqual(['Allergy to erythromycin']);
  });

  test('shows the record again after opting back in', async () => {
    expect(await seen('MedicationStatement', '9990000247')).toEqual([
      'Cetirizine 10mg tablets',
      'Levothyroxine sodium 100microgram tablets',
    ]);
  });

  test('shows no private entry, by label or by Consent, and the others', async () => {
    expect(await seen('MedicationStatement', '9990000069')).toEqual(['Amlodipine 10mg tablets']);
    expect(await seen('AllergyIntolerance', '9990000093')).toEqual(['Allergy to penicillin']);
    expect(
      await seen('AllergyIntolerance', '9990000093', { ...GP, organization: 'B82002' }),
    ).toEqual(['Allergy to latex', 'Allergy to penicillin']);
  });

  test('shows additional information unless the patient chose core only', async () => {
    expect(await seen('Condition', '9990000042')).toEqual([]);
    expect(await seen('MedicationStatement', '9990000042')).toContain('Folic acid 5mg tablets');
    expect(await seen('Condition', '9990000050')).toContain('Asthma');
  });

  test('shows nothing that the practice does not share out', async () => {
    expect(await seen('AllergyIntolerance', '9990000107')).toEqual([]);
  });

  test('shows what the new practice sent of the patient who moved', async () => {
    expect(await seen('MedicationStatement', '9990000085')).toEqual([
      'Gliclazide 80mg tablets',
      'Ramipril 10mg capsules',
    ]);
  });
});

describe('the three services of one patient', () => {
  const THOMPSON = '9990000018';

  test('the practice and the nurses see each other and the clinic', async () => {
    const all = ['Allergy to latex', 'Allergy to penicillin'];
    expect(await seen('AllergyIntolerance', THOMPSON, at('A81001'))).toEqual(all);
    expect(await seen('AllergyIntolerance', THOMPSON, at('RZ901'))).toEqual(all);
    const procedures = ['Smoking cessation therapy', 'Wound care'];
    expect(await seen('Procedure', THOMPSON, at('A81001'))).toEqual(procedures);
    expect(await seen('Procedure', THOMPSON, at('RZ901'))).toEqual(procedures);
  });

  test('the smoking clinic sees what it recorded itself', async () => {
    expect(await seen('AllergyIntolerance', THOMPSON, at('8QS42'))).toEqual([]);
    expect(await seen('Procedure', THOMPSON, at('8QS42'))).toEqual(['Smoking cessation therapy']);
  });
});

describe('loading', () => {
  test('is done once: a store that holds a record is left alone', async () => {
    const before = await versionOf('9990000018');
    await loadSeed(app, config);
    expect(await versionOf('9990000018')).toBe(before);
  });

  test('that was cut short goes on where it stopped', async () => {
    const before = await versionOf('9990000247');
    await writeSeedProgress(directory, { startedAt: app.context.clock.now(), done: 49 });
    await loadSeed(app, config);
    expect(await readSeedProgress(directory)).toBeNull();
    expect(await versionOf('9990000247')).toBe(before);
  });
});

describe('the commands to try', () => {
  test('do the three jobs in order, quoted for a shell', async () => {
    if (app.devIssuer === null) throw new Error('not in development mode');
    const [submit, query, review] = await tryItCommands(app, config, app.devIssuer);
    expect(submit?.command).toMatch(
      /^curl -sS 'http:\/\/127.0.0.1:8080\/FHIR\/R4\/\$submit-record' /,
    );
    expect(submit?.command).toMatch(/ --data-binary '@.*submit\.json'$/);
    expect((await paste(query?.command ?? '')).statusCode).toBe(200);
    const events = await paste(review?.command ?? '');
    expect(events.json().entry).toHaveLength(2);
  });
});

const CLINICIAN = { role: 'clinician', organization: 'RX1', purpose: 'TREAT' } as const;
const GP = { role: 'gp-system', organization: 'A81001' } as const;
const at = (organization: string) => ({ ...CLINICIAN, organization });

/** The names of what a search finds, in order of name. */
async function seen(
  type: string,
  nhsNumber: string,
  caller: Pick<TokenRequest, 'role' | 'organization' | 'purpose'> = CLINICIAN,
): Promise<readonly string[]> {
  const launch = caller.role === 'clinician' ? app.context.names.recordId(nhsNumber) : undefined;
  const token = await app.devIssuer?.mint({
    ...caller,
    patient: launch,
    now: app.context.clock.now(),
  });
  const answer = await app.server.inject({
    url: `/FHIR/R4/${type}?patient.identifier=${encodeURIComponent(`${NHS}|${nhsNumber}`)}`,
    headers: { authorization: `Bearer ${token}` },
  });
  expect(answer.statusCode).toBe(200);
  const entries = (answer.json().entry ?? []) as readonly { readonly resource: Named }[];
  return entries.map(({ resource }) => nameOf(resource)).toSorted();
}

interface Named {
  readonly medicationReference?: { readonly display: string };
  readonly medicationCodeableConcept?: { readonly text: string };
  readonly code?: { readonly coding: readonly [{ readonly display: string }] };
}

/** Systems get the reference that was sent, people the medicine itself. */
function nameOf({ medicationReference, medicationCodeableConcept, code }: Named): string {
  const medicine = medicationCodeableConcept?.text ?? medicationReference?.display;
  return medicine ?? code?.coding[0].display ?? '';
}

async function versionOf(nhsNumber: string): Promise<number | undefined> {
  const { store, names } = app.context;
  return (await store.currentRecord(names.recordId(nhsNumber)))?.version;
}

/** Sends what a printed GET command would send. */
function paste(command: string) {
  const [, url = '', token = ''] =
    /^curl -sS '(.*?)' -H 'Authorization: (.*?)'$/.exec(command) ?? [];
  const { pathname, search } = new URL(url);
  return app.server.inject({ url: pathname + search, headers: { authorization: token } });
}
