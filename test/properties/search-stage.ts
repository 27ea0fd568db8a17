import { expect } from 'vitest';
import type { Resource } from '../domain/search/naive.ts';
import { pathOf } from '../domain/search/naive-includes.ts';
import type { TestApp } from '../support/app.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { type Client, clientOf, submissionOf } from '../support/requests.ts';
import { SOURCE } from '../support/writing.ts';
import { NUMBER_OF_PATIENT } from './naming-arbitraries.ts';
import { bundleOf, ENTRY_TYPES_SENT, NUMBERS, type SentRecord } from './sent-records.ts';

const DAY_MS = 24 * 3_600_000;

/** What one caller gets of one record, resource by resource. */
export interface Handed {
  readonly client: Client;
  /** As this caller gets them. */
  readonly shown: ReadonlyMap<string, Resource>;
  /** The same resources as they were sent: what searches look at. */
  readonly sent: readonly Resource[];
}

/** A record on the server. */
export interface StagedRecord {
  /** By caller. */
  readonly handed: readonly Handed[];
  /** A text with ids of the source, and with the server's in their place. */
  translated(text: string): string;
}

/** How many callers there are: the practice, and a clinician elsewhere. */
export const CALLERS = 2;

/** Submits a record: first as it is, a day later with changes, and then what the service knows. */
export async function stageRecord(
  app: TestApp,
  { patient, practice, service }: SentRecord,
  index: number,
): Promise<StagedRecord> {
  const nhsNumber = nhsNumbers(index + 1)[index] ?? '';
  const recordId = app.context.names.recordId(nhsNumber);
  const clients = await clientsOf(app, recordId);
  await submit(clients.practice, bundleOf(nhsNumber, patient, practice, false));
  app.advance(DAY_MS);
  await submit(clients.practice, bundleOf(nhsNumber, patient, practice, true));
  await submit(clients.service, bundleOf(nhsNumber, patient, service, false));
  const own = await everythingOf(clients.practice, recordId);
  const others = await everythingOf(clients.service, recordId);
  const shown = await everythingOf(clients.viewer, recordId);
  const sent = new Map([...others, ...own]);
  return {
    handed: [handedTo(clients.practice, own, sent), handedTo(clients.viewer, shown, sent)],
    translated: translator(app, nhsNumber),
  };
}

async function clientsOf(app: TestApp, patient: string) {
  const all = { lifetimeHours: 24 * 365 };
  const viewing = { role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient } as const;
  return {
    practice: await clientOf(app, { ...all, role: 'gp-system', organization: 'A81001' }),
    service: await clientOf(app, { ...all, role: 'care-system', organization: 'RY601' }),
    viewer: await clientOf(app, { ...all, ...viewing }),
  };
}

async function submit(client: Client, bundle: object): Promise<void> {
  const answer = await client.post('$submit-record', submissionOf(bundle));
  const { issue } = answer.json();
  expect([answer.statusCode, issue]).toEqual([200, undefined]);
}

function handedTo(
  client: Client,
  shown: ReadonlyMap<string, Resource>,
  sent: ReadonlyMap<string, Resource>,
): Handed {
  return { client, shown, sent: [...shown].map(([path, each]) => sent.get(path) ?? each) };
}

async function everythingOf(client: Client, patient: string): Promise<Map<string, Resource>> {
  const found = new Map<string, Resource>();
  for (let next: string | null = `Patient/${patient}/$everything`; next !== null; ) {
    const answer = await client.get(next);
    expect(answer.statusCode).toBe(200);
    const { entry, link } = answer.json() as SearchPage;
    for (const { resource } of entry ?? []) found.set(pathOf(resource), resource);
    next = nextOf(link);
  }
  return found;
}

/** A searchset, as far as it is looked at. */
export interface SearchPage {
  readonly total?: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly {
    readonly resource: Resource;
    readonly search: { readonly mode: string };
  }[];
}

/** Where the next page is, behind the base; null on the last one. */
export function nextOf(link: SearchPage['link']): string | null {
  const next = link.find(({ relation }) => relation === 'next');
  return next?.url.split('/FHIR/R4/')[1] ?? null;
}

function translator(app: TestApp, nhsNumber: string): (text: string) => string {
  const { names } = app.context;
  const patient = names.recordId(nhsNumber);
  const ids = new Map([['p1', patient]]);
  for (const type of ENTRY_TYPES_SENT) {
    for (const number of NUMBERS) {
      const key =
        type === 'Provenance'
          ? `${type}#${type}/${type}-${number}`
          : `${type}|${SOURCE}|${number}.${type}`;
      const owner = number === NUMBERS.at(-1) ? 'RY601' : 'A81001';
      ids.set(`${type}-${number}`, names.entryId(patient, `${owner}|${key}`));
    }
  }
  return (text) =>
    text
      .replaceAll(NUMBER_OF_PATIENT, nhsNumber)
      .replaceAll(/\b(?:p1|[A-Z][A-Za-z]+-\d)\b/g, (id) => ids.get(id) ?? id);
}
