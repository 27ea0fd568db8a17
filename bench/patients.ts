import { openDevIssuer } from '../src/adapters/jwt/dev-issuer.ts';
import { type Generation, generatedRecord } from '../src/cli/generated-patient.ts';
import type { Shot } from './load.ts';
import type { Place, Serving } from './processes.ts';

export const PRACTICE = 'A81001';
const BASE = '/FHIR/R4';
const DAY_MS = 86_400_000;

/** The same records in each run of a day; their prescriptions are current. */
export const GENERATION: Generation = {
  seed: 1,
  practice: PRACTICE,
  today: Math.floor(Date.now() / DAY_MS) * DAY_MS,
  edition: 0,
};

/** The body that submits the nth generated record. */
export function submissionBody(n: number, edition = 0): string {
  const resource = generatedRecord(n, { ...GENERATION, edition });
  return JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'record', resource }] });
}

/** A submission by the practice, as the load generator sends it. */
export function submission(token: string, body: string): Shot {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' };
  return { path: `${BASE}/$submit-record`, method: 'POST', headers, body };
}

/** A token of the practice's system. */
export async function practiceToken(place: Place): Promise<string> {
  const issuer = await openDevIssuer(place.directory);
  return issuer.mint({ role: 'gp-system', organization: PRACTICE, now: Date.now() });
}

/** Submits so many patients, and gives their ids. */
export async function submitPatients(
  place: Place,
  server: Serving,
  count: number,
): Promise<readonly string[]> {
  const token = await practiceToken(place);
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const { path, headers, body } = submission(token, submissionBody(n));
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { ...headers },
      body: body ?? '',
    });
    const text = await answer.text();
    const id = /Patient\/([0-9a-f]+)/.exec(text)?.[1];
    if (!answer.ok || id === undefined) throw new Error(`not taken: ${answer.status} ${text}`);
    ids.push(id);
  }
  return ids;
}

/**
 * What urgent care asks: a patient's medicines, by a clinician of another organisation whose token
 * is limited to this patient (launch context), for treatment. Every rule is on.
 */
export function medicationSearches(place: Place, ids: readonly string[]): Promise<Shot[]> {
  return asked(place, ids, (id) => `MedicationStatement?patient=${id}`);
}

/** The same clinician asks for the patient summary. */
export function summariesOf(place: Place, ids: readonly string[]): Promise<Shot[]> {
  return asked(place, ids, (id) => `Patient/${id}/$summary`);
}

/** The same clinician asks for everything at once. */
export function everythingOf(place: Place, ids: readonly string[]): Promise<Shot[]> {
  return asked(place, ids, (id) => `Patient/${id}/$everything`);
}

function asked(
  place: Place,
  ids: readonly string[],
  path: (id: string) => string,
): Promise<Shot[]> {
  return Promise.all(
    ids.map(async (id) => ({
      path: `${BASE}/${path(id)}`,
      headers: { authorization: `Bearer ${await clinicianToken(place, id)}` },
    })),
  );
}

async function clinicianToken(place: Place, patient: string): Promise<string> {
  const issuer = await openDevIssuer(place.directory);
  return issuer.mint({
    role: 'clinician',
    organization: 'RX1',
    organizationName: 'Leeds Urgent Care',
    name: 'Dr A Khan',
    subject: 'dr-khan',
    purpose: 'TREAT',
    patient,
    now: Date.now(),
  });
}
