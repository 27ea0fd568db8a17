import { join } from 'node:path';
import type { DevIssuer } from '../adapters/jwt/dev-issuer.ts';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { NHS_NUMBER } from '../domain/fhir/systems.ts';
import { SEED_DIRECTORY } from './seed-data.ts';

/**
 * The patient of the three commands, Edith Fairweather: `seed/try-it/submit.json` is her record.
 */
export const TRY_IT_NHS_NUMBER = '9990000077';

/** One of the three users' jobs, as a command to paste. */
export interface TryIt {
  readonly title: string;
  readonly command: string;
}

/** Prints a ready-to-paste command for each user: submit, query, review. Development mode alone. */
export async function printTryIt(app: App, config: Config): Promise<void> {
  if (app.devIssuer === null) return;
  const jobs = await tryItCommands(app, config, app.devIssuer);
  const text = jobs.map(({ title, command }) => `\n# ${title}\n${command}\n`).join('');
  process.stdout.write(`\nTry it, in another terminal (the tokens last 12 hours):\n${text}\n`);
}

/**
 * The three commands. They are about one patient, so that the review shows what the first two did.
 */
export async function tryItCommands(
  app: App,
  config: Config,
  issuer: DevIssuer,
): Promise<readonly TryIt[]> {
  const now = app.context.clock.now();
  const patient = app.context.names.recordId(TRY_IT_NHS_NUMBER);
  const [gpSystem, clinician, auditor] = await Promise.all([
    issuer.mint({ ...PRACTICE, role: 'gp-system', now }),
    issuer.mint({ ...URGENT_CARE, role: 'clinician', purpose: 'TREAT', patient, now }),
    issuer.mint({ ...REVIEW, role: 'auditor', now }),
  ]);
  const base = config.baseUrl;
  const whose = `patient.identifier=${encodeURIComponent(`${NHS_NUMBER}|${TRY_IT_NHS_NUMBER}`)}`;
  const include = '_include=MedicationStatement:medication';
  return [
    {
      title: '1. Submit: a GP system sends a record: a new medicine, a new allergy',
      command: submit(`${base}/$submit-record`, gpSystem),
    },
    {
      title: '2. Query: an urgent-care clinician reads the medication',
      command: get(`${base}/MedicationStatement?${whose}&${include}&_pretty=true`, clinician),
    },
    {
      title: '3. Review: an auditor sees both acts',
      command: get(`${base}/AuditEvent?patient=Patient/${patient}&_pretty=true`, auditor),
    },
  ];
}

const PRACTICE = {
  organization: 'A81001',
  organizationName: 'Harbour Road Surgery',
  subject: 'harbour-road-system',
};
const URGENT_CARE = {
  organization: 'RX1',
  organizationName: 'Leeds Urgent Care',
  subject: 'dr-khan',
  name: 'Dr A Khan',
};
const REVIEW = {
  organization: 'RX1',
  organizationName: 'Leeds Urgent Care',
  subject: 'auditor-lowe',
  name: 'S Lowe',
};

function submit(url: string, token: string): string {
  const file = join(SEED_DIRECTORY, 'try-it', 'submit.json');
  return (
    `curl -sS ${quoted(url)} -H ${quoted('Content-Type: application/fhir+json')} ` +
    `-H ${quoted(`Authorization: Bearer ${token}`)} --data-binary ${quoted(`@${file}`)}`
  );
}

function get(url: string, token: string): string {
  return `curl -sS ${quoted(url)} -H ${quoted(`Authorization: Bearer ${token}`)}`;
}

/** For a POSIX shell: nothing inside means anything to it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
