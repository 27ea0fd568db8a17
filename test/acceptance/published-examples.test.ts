import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isRecordType } from '../../src/domain/fhir/resource-types.ts';
import { breakings } from '../domain/validation/breakings.ts';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { aBundle, aPatient, NHS, organization } from '../support/bundles.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { type Client, clientOf, patientIn, submissionOf } from '../support/requests.ts';

const SHARED = join(import.meta.dirname, '../../../shared/data');
const FOLDERS = ['hl7-r4-examples', 'uk-core/examples', 'ihe-balp/examples', 'ihe-pcf/examples'];

interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}

/**
 * HL7's, UK Core's and IHE's examples of the types that a record holds; Consents have a meaning of
 * their own.
 */
const EXAMPLES: readonly { readonly name: string; readonly resource: Resource }[] = FOLDERS.flatMap(
  (folder) => {
    const path = join(SHARED, folder);
    const files = existsSync(path)
      ? readdirSync(path).filter((each) => each.endsWith('.json'))
      : [];
    return files.map((file) => ({
      name: `${folder}/${file}`,
      resource: JSON.parse(readFileSync(join(path, file), 'utf8')) as Resource,
    }));
  },
).filter(
  ({ resource }) => isRecordType(resource.resourceType) && resource.resourceType !== 'Consent',
);
const NUMBERS = nhsNumbers(EXAMPLES.length);

describeOnBothStores('published examples', (start) => {
  let app: TestApp;
  let practice: Client;
  beforeAll(async () => {
    app = await start();
    practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
  });
  afterAll(() => app.close());

  it.each(EXAMPLES.map((example, index) => ({ ...example, number: NUMBERS[index] ?? '' })))(
    'go in with a patient of ours and come back equal: $name',
    async ({ resource, number }) => {
      const sent = prepared(resource, number);
      const isPatient = resource.resourceType === 'Patient';
      const bundle = aBundle(isPatient ? [sent] : [aPatient(number, 'A81001'), sent]);
      const answer = await practice.post('$submit-record', submissionOf(bundle));
      expect([answer.statusCode, answer.body]).toEqual([200, expect.any(String)]);
      const patient = patientIn(answer);
      const everything = await practice.get(`Patient/${patient}/$everything`);
      const entries: { resource: Resource }[] = everything.json().entry;
      const [back] = entries.filter((each) => each.resource.resourceType === resource.resourceType);
      expect(comparable(back?.resource)).toEqual(comparable(sent));
    },
  );

  it('are refused, each broken in another way, with the place of the fault', async () => {
    const unused = nhsNumbers(EXAMPLES.length + 1).at(-1) ?? '';
    for (const [index, { name, resource }] of EXAMPLES.entries()) {
      const sent = prepared(resource, unused);
      const ways = [...breakings(JSON.parse(JSON.stringify(sent)))];
      // Far apart in the list, so that all kinds of ways and of places have their turn.
      const broken = ways[(index * 37) % ways.length];
      const isPatient = resource.resourceType === 'Patient';
      const own = isPatient ? [] : [aPatient(unused, 'A81001')];
      const answer = await practice.post(
        '$submit-record',
        submissionOf(aBundle([...own, broken?.resource ?? sent])),
      );
      const entry = `Parameters.parameter.where(name='record').resource.entry[${own.length}].resource`;
      const place = broken?.expression.replace(resource.resourceType, entry);
      const places = (answer.json().issue ?? []).flatMap(
        (each: { expression?: string[] }) => each.expression ?? [],
      );
      expect([name, broken?.way, answer.statusCode, places]).toEqual([
        name,
        broken?.way,
        422,
        expect.arrayContaining([place]),
      ]);
    }
    const none = await practice.get(`Patient?identifier=${encodeURIComponent(`${NHS}|${unused}`)}`);
    expect(none.json().total).toBe(0);
  }, 120_000);
});

/** The example about our patient: whose it is and how it is found again are ours to say. */
function prepared(resource: Resource, number: string): Resource {
  const own = { system: 'https://source.test/id', value: 'example' };
  const identifier = [...((resource.identifier as object[] | undefined) ?? []), own];
  if (resource.resourceType === 'Patient') {
    const others = (identifier as { system?: string }[]).filter((each) => each.system !== NHS);
    return {
      ...resource,
      identifier: [{ system: NHS, value: number }, ...others],
      generalPractitioner: [organization('A81001')],
    };
  }
  const about = ['subject', 'patient'].find((element) => resource[element] !== undefined);
  const whose = about === undefined ? {} : { [about]: { reference: 'Patient/p1' } };
  // A Provenance has no identifier: it is found again by its id.
  const known = resource.resourceType === 'Provenance' ? {} : { identifier };
  return { ...resource, id: 'example', ...known, ...whose };
}

function comparable(resource: Resource | undefined): unknown {
  const { id: _, meta, ...rest } = resource ?? { resourceType: 'none' };
  const { versionId: __, lastUpdated: ___, ...kept } = (meta ?? {}) as Record<string, unknown>;
  const text = JSON.stringify({ ...rest, meta: kept });
  // References to what came along lead to where it is here: the Patient, and the example itself.
  const local = /"reference":"(Patient|DocumentReference)\/[^"]*"/g;
  return JSON.parse(text.replaceAll(local, '"reference":"$1"'));
}
