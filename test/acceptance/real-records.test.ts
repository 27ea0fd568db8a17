import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../../src/domain/fhir/json.ts';
import { readSubmission } from '../../src/domain/gp/read-submission.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores, type StartServer } from '../support/both-stores.ts';
import { type Client, clientOf, countIn, patientIn, submissionOf } from '../support/requests.ts';

const DIRECTORY = join(import.meta.dirname, '../../../shared/data/gp-records/r4');
// Real records are not part of the project; where they lie beside it, they are tried.
const FILES = existsSync(DIRECTORY) ? readdirSync(DIRECTORY).sort() : [];
/** Valid test numbers, one for each record: as delivered all nine carry the same invalid one. */
const NUMBERS = [
  '9990000018',
  '9990000026',
  '9990000034',
  '9990000042',
  '9990000050',
  '9990000069',
  '9990000077',
  '9990000085',
  '9990000093',
];
const READ_BACK = ['MedicationStatement', 'AllergyIntolerance'];

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [element: string]: unknown;
}

it.skipIf(FILES.length === 0)('real GP records have a number each', () => {
  expect(NUMBERS.length).toBeGreaterThanOrEqual(FILES.length);
});

if (FILES.length > 0) describeOnBothStores('real GP records', comeBack);

function comeBack(start: StartServer): void {
  let app: TestApp;
  let practice: Client;

  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A82038' });
  });
  afterAll(() => app.close());

  it.each(FILES.map((file, index) => ({ file, nhsNumber: NUMBERS[index] ?? '' })))(
    'come back element for element as sent: $file',
    async ({ file, nhsNumber }) => {
      const text = readFileSync(join(DIRECTORY, file), 'utf8').replaceAll('1234567890', nhsNumber);
      const bundle = JSON.parse(text) as { entry: { resource: Resource }[] };
      const sent = bundle.entry.map((entry) => entry.resource);
      const answer = await practice.post('$submit-record', submissionOf(bundle));
      expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
      expect(countIn(answer, 'created')).toBe(sent.length);
      const patient = patientIn(answer);
      const [sentPatient] = sent.filter((each) => each.resourceType === 'Patient');
      const found = await practice.get(`Patient/${patient}`);
      expect(comparable(found.json())).toEqual(comparable(sentPatient as Resource));
      for (const type of READ_BACK) {
        const back = await searched(practice, `${type}?patient=${patient}`);
        const expected = sent.filter((each) => each.resourceType === type);
        expect(byIdentifier(back)).toEqual(byIdentifier(expected));
      }
      await expectResolving(practice, patient, sent);
    },
  );
}

const OTHER_RELEASE = join(import.meta.dirname, '../../../shared/data/gp-records/stu3');
const LISTING = existsSync(OTHER_RELEASE) ? readdirSync(OTHER_RELEASE).sort() : [];

it.each(LISTING)('types that a record does not hold are named, each with its place: %s', (file) => {
  const text = readFileSync(join(OTHER_RELEASE, file), 'utf8').replaceAll(
    '1234567890',
    NUMBERS[0] ?? '',
  );
  const bundle = JSON.parse(text) as { entry: { resource: Resource }[] };
  const unsupported = bundle.entry.flatMap(({ resource }, index) =>
    resource.resourceType === 'List' ? [`entry[${index}].resource`] : [],
  );
  const read = readSubmission(submissionOf(bundle) as Json);
  const issues = read.ok ? [] : read.problem.issues;
  const named = issues.filter(({ code }) => code === 'not-supported');
  expect(unsupported.length).toBeGreaterThan(0);
  expect(named.map(({ expression }) => expression?.replace(/^.*resource\.entry/, 'entry'))).toEqual(
    unsupported,
  );
});

async function searched(client: Client, path: string): Promise<Resource[]> {
  const answer = await client.get(path);
  expect(answer.statusCode).toBe(200);
  return (answer.json().entry ?? []).map((entry: { resource: Resource }) => entry.resource);
}

/**
 * Resources as they are compared, in an order of their own: a search has no other (R4, 3.1.1.5.1).
 */
function byIdentifier(resources: readonly Resource[]): unknown[] {
  const keyed = resources.map(
    (each) => [JSON.stringify(each.identifier), comparable(each)] as const,
  );
  return keyed.sort(([one], [other]) => (one < other ? -1 : 1));
}

/** What is compared: all but the server's own id and meta, and where references lead. */
function comparable(resource: Resource): unknown {
  const { id: _, meta, ...rest } = resource;
  const { versionId: __, lastUpdated: ___, ...kept } = (meta ?? {}) as Record<string, unknown>;
  const text = JSON.stringify({ ...rest, meta: kept });
  return JSON.parse(text.replaceAll(/"reference":"([A-Za-z]+)\/[^"]*"/g, '"reference":"$1"'));
}

/** Every reference of a statement that led to a resource of the Bundle leads to one here. */
async function expectResolving(client: Client, patient: string, sent: Resource[]): Promise<void> {
  const inBundle = new Set(sent.map((each) => `${each.resourceType}/${each.id}`));
  const types = new Set(
    sent
      .flatMap(references)
      .filter((each) => inBundle.has(each))
      .map(typeOf),
  );
  const statements = await searched(client, `MedicationStatement?patient=${patient}`);
  const literal = [...new Set(statements.flatMap(references))].filter((each) =>
    types.has(typeOf(each)),
  );
  for (const reference of literal.slice(0, 20)) {
    const target = await client.get(reference);
    expect([reference, target.statusCode]).toEqual([reference, 200]);
    expect(target.json().resourceType).toBe(typeOf(reference));
  }
}

function references(resource: Resource): string[] {
  return [...JSON.stringify(resource).matchAll(/"reference":"([^"]*)"/g)].map(([, at]) => at ?? '');
}

function typeOf(reference: string): string {
  return reference.split('/')[0] ?? '';
}
