import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CASES } from '../domain/consent/case-files.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { aBundle, anAllergy, aPatient, organization } from '../support/bundles.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { type Client, clientOf, patientIn, submissionOf } from '../support/requests.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '../shared/data/ihe-pcf/examples');
const POLICY = 'https://scr.example/fhir/policy/';

interface Example {
  readonly name: string;
  readonly consent: Readonly<Record<string, unknown>> & { readonly provision: object };
}

/** The Consents of IHE Privacy Consent on FHIR, where they are at hand. */
const EXAMPLES: readonly Example[] = (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
  .filter((file) => file.startsWith('Consent-'))
  .map((file) => ({
    name: file.replace(/^Consent-ex-(consent-)?|\.json$/g, ''),
    consent: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')),
  }));

/** Rows of the table in `docs/consent-examples.md`: example, meaning, what it is here, cases. */
const ROWS = readFileSync(join(ROOT, 'docs/consent-examples.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, name = '', , here = '', cases = '']) => ({ name: name.slice(1, -1), here, cases }));

describe('the table of IHE’s examples', () => {
  it('names decision cases that are there, for every example whose meaning is shared', () => {
    expect(ROWS).toHaveLength(23);
    const told = CASES.map(({ title }) => title.split(':')[0] ?? '');
    const shared = ROWS.filter(({ here }) => !here.startsWith('not shared'));
    expect(shared.filter(({ cases }) => cases === '')).toEqual([]);
    expect(ROWS.filter(({ cases }) => cases !== '' && !told.includes(cases))).toEqual([]);
    const named = new Set(ROWS.map(({ cases }) => cases));
    expect(told.filter((title) => title.startsWith('PCF ') && !named.has(title))).toEqual([]);
  });

  it.skipIf(EXAMPLES.length === 0)('has every example once', () => {
    expect(ROWS.map(({ name }) => name).sort()).toEqual(EXAMPLES.map(({ name }) => name).sort());
  });
});

/** Examples as our policies say them: a policy, and what stays of the provision. */
const SAID: Readonly<Record<string, readonly [policy: string, ...kept: string[]]>> = {
  'basic-treat': ['scr-core-and-additional', 'type'],
  'basic-ink': ['scr-core-and-additional', 'type'],
  'basic-treat-infant': ['scr-core-and-additional', 'type'],
  'basic-reject': ['scr-dissent', 'type'],
  'basic-research': ['secondary-use', 'type'],
  'expired-treat': ['scr-core-and-additional', 'type', 'period'],
  'dissent-intermediate-break-glass': ['view', 'type'],
};

describe.skipIf(EXAMPLES.length === 0)('an example of IHE’s', () => {
  let app: TestApp;
  let patient: string;
  let own: Client;
  beforeAll(async () => {
    app = await startApp();
    const [nhsNumber = ''] = nhsNumbers(1);
    const practice = await clientOf(app, { role: 'gp-system', organization: 'A81001' });
    const bundle = aBundle([aPatient(nhsNumber, 'A81001'), anAllergy('1')]);
    patient = patientIn(await practice.post('$submit-record', submissionOf(bundle)));
    own = await clientOf(app, { role: 'patient', nhsNumber });
  });
  afterAll(() => app.close());

  const ours = ({ consent }: Example, more: object = {}): object => {
    const { id: _, meta: __, text: ___, sourceReference: ____, ...rest } = consent;
    const who = { reference: `Patient/${patient}` };
    const mine = { patient: who, performer: [who], organization: [organization('A81001')] };
    return { ...rest, ...mine, ...more };
  };

  it.each(EXAMPLES)('is refused, since no policy of ours is named: $name', async (example) => {
    const answer = await own.post('Consent', ours(example));
    expect([answer.statusCode, answer.body]).toEqual([422, expect.any(String)]);
    expect(placesIn(answer.json())).toContain('Consent.policy');
  });

  it.each(EXAMPLES)(
    'is refused with one for what the rules cannot evaluate: $name',
    async (each) => {
      const policy = [{ uri: `${POLICY}view` }];
      const answer = await own.post('Consent', ours(each, { policy }));
      expect(answer.statusCode).toBe(422);
      const places = placesIn(answer.json());
      const unevaluated = Object.keys(each.consent.provision)
        .filter((name) => !['type', 'period', 'data'].includes(name))
        .map((name) => `Consent.provision.${name}`);
      expect(unevaluated.length).toBeGreaterThan(0);
      expect(places).toEqual(expect.arrayContaining(unevaluated));
    },
  );

  it.each(EXAMPLES.filter(({ name }) => name in SAID))(
    'is accepted as a policy of ours says it: $name',
    async (example) => {
      const [name, ...kept] = SAID[example.name] ?? [''];
      const provision = Object.fromEntries(
        Object.entries(example.consent.provision).filter(([element]) => kept.includes(element)),
      );
      const sourceAttachment = { contentType: 'application/pdf', title: 'Signed' };
      const more = { policy: [{ uri: POLICY + name }], provision, sourceAttachment };
      const answer = await own.post('Consent', ours(example, more));
      expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
      expect(answer.json()).toMatchObject(more);
    },
  );
});

function placesIn(outcome: { issue: { expression?: string[] }[] }): readonly string[] {
  return outcome.issue.flatMap(({ expression }) => expression ?? []);
}
