import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { isObject } from '../../../src/domain/fhir/json.ts';
import { profileFor } from '../../../src/domain/validation/profile-policy.ts';
import { validate } from '../../../src/domain/validation/validate.ts';
import {
  type Example,
  examplesIn,
  gpRecords,
  HAS_EXAMPLES,
  publishedExamples,
} from './definitions.ts';

const R4 = 'http://hl7.org/fhir/StructureDefinition/';
const OURS = 'https://scr.example/fhir/StructureDefinition/';

/** Types that the server does not validate, among the published examples. */
const OTHER_TYPES = ['CompartmentDefinition', 'Binary', 'List', 'MeasureReport', 'Group'];

const PUBLISHED = ['hl7-r4-examples', 'uk-core/examples', 'ihe-balp/examples', 'ihe-pcf/examples']
  .flatMap(publishedExamples)
  .filter(({ resource }) => !OTHER_TYPES.includes(String(resource.resourceType)));

/** UK Core's newborn carries a number whose check digit is wrong. */
const WRONG_NHS_NUMBER = 'uk-core/examples/UKCore-Patient-BabyPatient-Example.json';

const faults = (
  examples: readonly Example[],
  profile: (resource: JsonObject) => string | undefined,
): readonly string[] =>
  examples.flatMap(({ file, resource }) => {
    const url = profile(resource);
    const issues = validate(resource, url === undefined ? {} : { profile: url });
    return issues.map(({ rule, expression }) => `${file} ${rule} ${expression}`);
  });

const onlyR4 = ({ resourceType }: JsonObject): string => `${R4}${resourceType}`;

/** The same example with a patient of ours: another is nobody that a record is kept about. */
function withOurPatient({ file, resource }: Example): Example {
  if (resource.resourceType !== 'Patient') return { file, resource };
  const identifier = Array.isArray(resource.identifier) ? resource.identifier : [];
  const others = identifier.filter((each) => isObject(each) && each.system !== NHS_NUMBER);
  const ours = { system: NHS_NUMBER, value: '9990000018' };
  return { file, resource: { ...resource, identifier: [...others, ours] } };
}

const NHS_NUMBER = 'https://fhir.nhs.uk/Id/nhs-number';

describe('a published example of HL7, UK Core or IHE', () => {
  test('is valid R4, but for one NHS number of UK Core with a wrong check digit', () => {
    expect(faults(PUBLISHED, onlyR4)).toEqual(
      HAS_EXAMPLES ? [`${WRONG_NHS_NUMBER} nhs-number Patient.identifier[0].value`] : [],
    );
    if (HAS_EXAMPLES) expect(PUBLISHED.length).toBeGreaterThan(200);
  });

  test('is what the server takes, with a patient of ours, a Consent apart', () => {
    const examples = PUBLISHED.filter(({ resource }) => resource.resourceType !== 'Consent');
    expect(faults(examples.map(withOurPatient), () => undefined)).toEqual([]);
  });

  test('of a Consent is refused where it is no choice that the rules can evaluate', () => {
    for (const { resource } of publishedExamples('hl7-r4-examples')) {
      if (resource.resourceType !== 'Consent') continue;
      expect(validate(resource).map(({ expression }) => expression)).toContain('Consent.policy');
    }
  });
});

describe('a real GP record', () => {
  test('is valid as a submission, whatever profiles it claims', () => {
    expect(faults(gpRecords(), () => `${OURS}scr-submission`)).toEqual([]);
    if (HAS_EXAMPLES) expect(gpRecords()).toHaveLength(9);
  });

  test('has entries that are valid one by one', () => {
    for (const { file, resource } of gpRecords()) {
      const entries = (resource.entry as readonly JsonObject[]).map((entry, index) => ({
        file: `${file} ${index}`,
        resource: entry.resource as JsonObject,
      }));
      expect(faults(entries, () => undefined)).toEqual([]);
    }
  });

  test('is refused with the number that all nine carry, whose check digit is wrong', () => {
    const [record] = gpRecords();
    if (record === undefined) return;
    const text = JSON.stringify(record.resource).replaceAll('9990000018', '1234567890');
    const issues = validate(JSON.parse(text) as JsonObject, { at: 'record' });
    expect(issues.map(({ rule }) => rule)).toContain('nhs-number');
    expect(issues[0]?.expression).toMatch(
      /^record\.entry\[\d+\]\.resource\.identifier\[0\]\.value$/,
    );
  });
});

describe('our own example', () => {
  const examples = examplesIn('profiles/examples');

  test('is valid by the profile of its type', () => {
    expect(examples.length).toBeGreaterThan(10);
    expect(faults(examples, ({ resourceType }) => urlFor(String(resourceType)))).toEqual([]);
  });

  test('of a submission, a consent and a document is valid by the profile of its kind', () => {
    const byKind: Readonly<Record<string, string>> = {
      'Bundle-submission': 'scr-submission',
      'Composition-composition': 'scr-Composition',
      'Consent-consent-scr-dissent': 'scr-Consent-scr-dissent',
      'Consent-consent-scr-core': 'scr-Consent-scr-core',
      'Consent-consent-private-entry': 'scr-Consent-private-entry',
    };
    for (const [file, profile] of Object.entries(byKind)) {
      const found = examples.filter((each) => each.file.endsWith(`/${file}.json`));
      expect(found).toHaveLength(1);
      expect(faults(found, () => OURS + profile)).toEqual([]);
    }
  });

  function urlFor(type: string): string | undefined {
    return profileFor(type) ?? undefined;
  }
});
