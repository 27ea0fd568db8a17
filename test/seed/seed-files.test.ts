import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { expandRelativeDates } from '../../src/cli/relative-dates.ts';
import { readManifest, SEED_DIRECTORY } from '../../src/cli/seed-data.ts';
import { TRY_IT_NHS_NUMBER } from '../../src/cli/try-it.ts';
import { walkObjects } from '../../src/domain/fhir/elements.ts';
import { isObject, type JsonObject, parseJson } from '../../src/domain/fhir/json.ts';
import { isNhsNumber } from '../../src/domain/fhir/nhs-number.ts';
import { NHS_NUMBER, POLICY } from '../../src/domain/fhir/systems.ts';
import { readSubmission } from '../../src/domain/gp/read-submission.ts';
import { POLICIES } from '../../src/domain/record/choice.ts';

const NOW = Date.parse('2026-03-31T12:00:00Z');
const RECORDS = namesIn('records');
const CONSENTS = namesIn('consents');
const manifest = await readManifest(SEED_DIRECTORY);

describe('every record', () => {
  test.each(RECORDS)('%s is one that the server takes', (name) => {
    const record = parsed(`records/${name}`);
    const body = { resourceType: 'Parameters', parameter: [{ name: 'record', resource: record }] };
    const read = readSubmission(body);
    expect(read.ok ? [] : read.problem.issues).toEqual([]);
  });

  test.each(RECORDS)('%s has references that lead to its own entries', (name) => {
    const entries = entriesOf(`records/${name}`);
    const targets = new Set(entries.map(({ resourceType, id }) => `${resourceType}/${id}`));
    const references: unknown[] = [];
    for (const entry of entries) {
      walkObjects(entry, ({ reference }) => {
        if (typeof reference === 'string') references.push(reference);
      });
    }
    expect(references.length).toBeGreaterThan(0);
    expect(references.filter((each) => !targets.has(String(each)))).toEqual([]);
  });

  test.each(RECORDS)('%s has an identifier and a full URL of its own on every entry', (name) => {
    const bundle = parsed(`records/${name}`);
    const entries = bundle.entry as readonly JsonObject[];
    const urls = entries.map(({ fullUrl }) => fullUrl);
    const keys = entries.map(({ resource }) => {
      const { resourceType, identifier } = resource as JsonObject;
      const [first] = identifier as readonly JsonObject[];
      return `${resourceType}|${first?.system}|${first?.value}`;
    });
    expect(new Set(urls).size).toBe(entries.length);
    expect(new Set(keys).size).toBe(entries.length);
    expect(keys.filter((key) => key.includes('undefined'))).toEqual([]);
    expect(bundle.identifier).toMatchObject({
      system: expect.any(String),
      value: expect.any(String),
    });
  });

  test.each(RECORDS)('%s is about a number of the test range', (name) => {
    const number = nhsNumberIn(`records/${name}`);
    expect(number).toMatch(/^999/);
    expect(isNhsNumber(number)).toBe(true);
  });
});

describe('the manifest', () => {
  test('lists every file once, and no other', () => {
    const files = [
      ...RECORDS.map((name) => `records/${name}`),
      ...CONSENTS.map((name) => `consents/${name}`),
    ];
    expect(manifest.steps.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
  });

  test('has each file posted by the organisation that its name says', () => {
    for (const { file, organization, post } of manifest.steps) {
      expect(file.split('/')[1]?.split('-')[0]).toBe(organization);
      expect(manifest.organizations[organization]).toBeTypeOf('string');
      expect(post).toBe(file.startsWith('records/') ? '$submit-record' : 'Consent');
    }
  });

  test('has about twenty patients at three practices, a nursing team and a clinic', () => {
    const patients = new Set(RECORDS.map((name) => nhsNumberIn(`records/${name}`)));
    const submitters = new Set(RECORDS.map((name) => name.split('-')[0]));
    expect(patients.size).toBeGreaterThanOrEqual(20);
    expect([...submitters].toSorted()).toEqual(['8QS42', 'A81001', 'B82002', 'C83003', 'RZ901']);
  });

  test('records every choice that the contract knows', () => {
    const policies = [
      ...CONSENTS.map((name) => parsed(`consents/${name}`)),
      ...RECORDS.flatMap((name) => entriesOf(`records/${name}`)).filter(
        ({ resourceType }) => resourceType === 'Consent',
      ),
    ].map(({ policy }) => (policy as readonly JsonObject[])[0]?.uri);
    expect([...new Set(policies)].toSorted()).toEqual(POLICIES.map((p) => POLICY + p).toSorted());
  });
});

describe('the table of patients', () => {
  test('names every patient, and nobody else', () => {
    const readme = readFileSync(join(SEED_DIRECTORY, 'README.md'), 'utf8');
    const listed = [...readme.matchAll(/^\| (999 \d{3} \d{4}) \|/gm)].map(([, number]) =>
      number?.replaceAll(' ', ''),
    );
    const patients = new Set(RECORDS.map((name) => nhsNumberIn(`records/${name}`)));
    expect(listed.toSorted()).toEqual([...patients].toSorted());
  });
});

describe('the people', () => {
  const patients = RECORDS.map((name) => patientIn(`records/${name}`));
  const families = patients.flatMap(({ name }) =>
    (name as readonly JsonObject[]).map(({ family }) => String(family)),
  );

  test.each([
    ['an apostrophe', /'/],
    ['a hyphen', /-/],
    ['accents', /ú/],
    ['Welsh letters', /ŷ/],
    ['Polish letters', /Ż/],
    ['Arabic', /\p{Script=Arabic}/u],
    ['Chinese', /\p{Script=Han}/u],
    ['combining marks', /\p{Mark}/u],
    ['60 characters', /^.{60}$/u],
  ])('have among their names one with %s', (_what, pattern) => {
    expect(families.some((family) => pattern.test(family))).toBe(true);
  });

  test('have among them one with a single name, one who died and a newborn', () => {
    const single = patients.filter(({ name }) => {
      const names = name as readonly JsonObject[];
      return names.every(({ given }) => given === undefined);
    });
    expect(single).toHaveLength(1);
    expect(patients.filter(({ deceasedDateTime }) => deceasedDateTime)).toHaveLength(1);
    expect(patients.map(({ birthDate }) => birthDate)).toContain('2026-03-26');
  });

  test('have among them one of whom it is stated that no allergy is known', () => {
    const codes = entriesOf('records/C83003-reed.json')
      .filter(({ resourceType }) => resourceType === 'AllergyIntolerance')
      .map(({ code }) => ((code as JsonObject).coding as readonly JsonObject[])[0]?.code);
    expect(codes).toEqual(['716186003']);
  });
});

describe('the submission to try', () => {
  test('can be sent as it is', () => {
    const text = readFileSync(join(SEED_DIRECTORY, 'try-it', 'submit.json'), 'utf8');
    expect(text).not.toContain('{{');
    const body = parseJson(text);
    expect(body.ok && readSubmission(body.value)).toMatchObject({
      ok: true,
      value: { nhsNumber: TRY_IT_NHS_NUMBER, practice: 'A81001', timestamp: null },
    });
  });
});

function namesIn(folder: string): readonly string[] {
  return readdirSync(join(SEED_DIRECTORY, folder)).toSorted();
}

function parsed(file: string): JsonObject {
  const text = expandRelativeDates(readFileSync(join(SEED_DIRECTORY, file), 'utf8'), NOW);
  const read = parseJson(text);
  if (!read.ok || !isObject(read.value)) throw new Error(`${file} is not a JSON object`);
  return read.value;
}

function entriesOf(file: string): readonly JsonObject[] {
  return (parsed(file).entry as readonly JsonObject[]).map(
    ({ resource }) => resource as JsonObject,
  );
}

function patientIn(file: string): JsonObject {
  const patient = entriesOf(file).find(({ resourceType }) => resourceType === 'Patient');
  if (patient === undefined) throw new Error(`${file} has no Patient`);
  return patient;
}

function nhsNumberIn(file: string): string {
  const identifiers = patientIn(file).identifier as readonly JsonObject[];
  return String(identifiers.find(({ system }) => system === NHS_NUMBER)?.value);
}
