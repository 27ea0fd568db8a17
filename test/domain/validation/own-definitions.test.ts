import { describe, expect, test } from 'vitest';
import { generateModel } from '../../../src/cli/generate-model.ts';
import { generateValueSets } from '../../../src/cli/generate-value-sets.ts';
import { ROLES } from '../../../src/domain/access/caller.ts';
import { ALERT_KINDS } from '../../../src/domain/alert.ts';
import { asAuditEvent } from '../../../src/domain/audit/as-audit-event.ts';
import type { ShownEntry } from '../../../src/domain/audit/entry.ts';
import { RESOLUTION_ACTIONS } from '../../../src/domain/audit/resolution.ts';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { RECORD_TYPES } from '../../../src/domain/fhir/resource-types.ts';
import { POLICIES } from '../../../src/domain/record/choice.ts';
import { SEARCHES } from '../../../src/domain/search/search-table.ts';
import { buildModel } from '../../../src/domain/validation/model.ts';
import { profileFor } from '../../../src/domain/validation/profile-policy.ts';
import profileTable from '../../../src/domain/validation/profiles.json' with { type: 'json' };
import { buildProfiles } from '../../../src/domain/validation/profiles.ts';
import { walkResource } from '../../../src/domain/validation/structure.ts';
import { isKnownProfile, validate } from '../../../src/domain/validation/validate.ts';
import { Walk } from '../../../src/domain/validation/walk.ts';
import { FHIR_ROUTES } from '../../../src/http/route-table.ts';
import { BASE_URL } from '../../support/context.ts';
import { anAuditEntry } from '../../support/records.ts';
import { definitionsOfR4, examplesIn, HAS_DEFINITIONS } from './definitions.ts';

const OURS = 'https://scr.example/fhir/StructureDefinition/';
const DEFINITIONS = examplesIn('profiles');

/** The types that definitions are written in, which the server itself does not validate. */
const DEFINITION_TYPES = [
  'StructureDefinition',
  'CodeSystem',
  'ValueSet',
  'NamingSystem',
  'OperationDefinition',
  'SearchParameter',
];

const codesOf = (id: string): readonly unknown[] => {
  const found = DEFINITIONS.find(({ file }) => file.endsWith(`/CodeSystem-${id}.json`));
  return ((found?.resource.concept ?? []) as readonly JsonObject[]).map(({ code }) => code);
};

describe.skipIf(!HAS_DEFINITIONS)('each of our definitions', () => {
  test('is valid R4 itself', async () => {
    const r4 = await definitionsOfR4();
    // What R4 asks of definitions alone is not among our rules: only their structure is held to it.
    const generated = generateModel(r4, DEFINITION_TYPES);
    const valueSets = generateValueSets(generated.valueSets, r4.terminology);
    const model = buildModel({ types: generated.types, valueSets });
    const resourceTypes = new Set([...r4.structures.keys()]);
    const found = DEFINITIONS.flatMap(({ file, resource }) => {
      const walk = new Walk({ ...model, resourceTypes }, buildProfiles({}, {}), file);
      walkResource(resource, walk);
      return walk.issues.map(({ rule, expression }) => `${rule} ${expression}`);
    });
    expect(found).toEqual([]);
  });
});

describe('our definitions', () => {
  test('have a file named for each, and one profile for each type that the server asks one of', () => {
    for (const { file, resource } of DEFINITIONS) {
      expect(file).toBe(`profiles/${resource.resourceType}-${resource.id}.json`);
    }
    for (const type of RECORD_TYPES) {
      const url = profileFor(type);
      if (url !== null) expect(isKnownProfile(url)).toBe(true);
    }
  });

  test('state the codes that the code uses', () => {
    expect(codesOf('role')).toEqual(ROLES);
    expect(codesOf('alert')).toEqual(ALERT_KINDS);
    expect(codesOf('claim-reason')).toEqual(['care-episode', 'emergency', 'legal']);
    expect(codesOf('resolution')).toEqual(RESOLUTION_ACTIONS);
  });

  test('have one profile for each kind of consent', () => {
    const kinds = Object.keys(profileTable)
      .filter((url) => url.startsWith(`${OURS}scr-Consent-`))
      .map((url) => url.slice(`${OURS}scr-Consent-`.length));
    expect(kinds.sort()).toEqual([...POLICIES].sort());
  });

  test('define every search parameter of ours', () => {
    const defined = DEFINITIONS.map(({ resource }) => resource.url);
    const ours = Object.values(SEARCHES)
      .flatMap(({ parameters }) => parameters.map(({ definition }) => definition))
      .filter((url) => url.startsWith('https://scr.example/'));
    expect(ours.filter((url) => !defined.includes(url))).toEqual([]);
  });
});

describe('our operations', () => {
  const defined = DEFINITIONS.map(({ resource }) => resource).filter(
    ({ resourceType }) => resourceType === 'OperationDefinition',
  );
  const routed = FHIR_ROUTES.filter(({ spec }) => spec.startsWith('https://scr.example/'));

  test('are defined, each on the level and the type that it has its route on', () => {
    const stated = defined.map(({ url, code, system, type, instance, resource }) => ({
      url,
      code,
      on: { system, type, instance },
      resource: resource ?? [],
    }));
    const offered = routed.map(({ spec, interaction, type, path }) => {
      const instance = path.includes('/:id/');
      const on = { system: type === 'System', type: type !== 'System' && !instance, instance };
      return { url: spec, code: interaction, on, resource: type === 'System' ? [] : [type] };
    });
    const byUrl = (one: { url: unknown }, other: { url: unknown }) =>
      String(one.url) < String(other.url) ? -1 : 1;
    expect(stated.sort(byUrl)).toEqual(offered.sort(byUrl));
  });

  test('have a code in the access log, and bind to value sets that there are', () => {
    expect(codesOf('operation').toSorted()).toEqual(defined.map(({ code }) => code).toSorted());
    const bound = JSON.stringify(defined).match(/https:\/\/scr\.example\/fhir\/ValueSet\/[\w-]+/g);
    const urls = DEFINITIONS.map(({ resource }) => resource.url);
    expect(bound?.length).toBeGreaterThan(3);
    expect((bound ?? []).filter((url) => !urls.includes(url))).toEqual([]);
  });
});

describe('our profiles', () => {
  const examples = examplesIn('profiles/examples');
  const profiles = DEFINITIONS.map(({ resource }) => resource).filter(
    ({ resourceType }) => resourceType === 'StructureDefinition',
  );

  test('each have an example that is valid by it', () => {
    const missing = profiles
      .filter(({ type }) => type !== 'Extension')
      .filter(({ type, url }) => {
        const ofType = examples.filter(({ resource }) => resource.resourceType === type);
        return !ofType.some(
          ({ resource }) => validate(resource, { profile: String(url) }).length === 0,
        );
      });
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  test('of extensions each have an example that uses it', () => {
    const used = JSON.stringify(examples);
    const missing = profiles
      .filter(({ type }) => type === 'Extension')
      .filter(({ url }) => !used.includes(`"url":"${url}"`));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });
});

describe('an entry of the access log', () => {
  const rules = (changes: Partial<ShownEntry>, kind: string): readonly string[] => {
    const event = asAuditEvent({ ...anAuditEntry(1), ...changes }, { baseUrl: BASE_URL });
    const issues = validate(event, { profile: `${OURS}scr-AuditEvent${kind}` });
    return issues.map(({ rule, expression }) => `${rule} ${expression}`);
  };

  test('is valid by the profile of its kind', () => {
    expect(rules({}, '')).toEqual([]);
    expect(rules({ outcome: null, outcomeDesc: null }, '')).toEqual([]);
    const alert = { organization: 'A81001', kind: 'emergency-access' } as const;
    expect(rules({ alert }, '-alert')).toEqual([]);
    expect(rules({ alert, outcome: null }, '-alert')).toEqual([]);
    const query = { interaction: 'search', action: 'E', query: '/Patient?_id=1' } as const;
    expect(rules(query, '-query')).toEqual([]);
    const failed = { agent: null, interaction: 'authenticate', outcome: '4' } as const;
    expect(rules(failed, '-failed-authentication')).toEqual([]);
  });

  test('is not of a kind that it is not', () => {
    expect(rules({ alert: null }, '-alert')).toEqual(['required AuditEvent.subtype']);
    expect(rules({ interaction: 'read', action: 'R' }, '-query')).not.toEqual([]);
    expect(rules({}, '-failed-authentication')).not.toEqual([]);
  });
});
