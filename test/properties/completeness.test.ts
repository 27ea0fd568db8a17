import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acceptedSteps,
  type PatientView,
  type SeenEntry,
  worldView,
} from '../support/naive-oracle.ts';
import { PATIENT_KEY } from '../support/naive-record.ts';
import {
  entryIdOf,
  openStage,
  type PlayedWorld,
  recordIdOf,
  type Stage,
} from '../support/play-worlds.ts';
import { PATIENTS, type World, type WorldCaller } from '../support/worlds.ts';
import { caller, world } from './world-arbitraries.ts';

const DEEP = process.env.SCR_TEST_DEEP === '1';
const RUNS = DEEP ? 5_000 : 250;
const LIMIT_MS = DEEP ? 3_600_000 : 120_000;
const NHS = 'https://fhir.nhs.uk/Id/nhs-number';

describe('what the server answers', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it(
    'is what the naive oracle says that this caller gets: nothing more, and nothing less',
    async () => {
      const counts = { open: 0, absent: 0, refused: 0, entries: 0 };
      await fc.assert(
        fc.asyncProperty(world, caller, async (one, me) => {
          const played = await stage.play(one, me);
          expectSteps(one, played);
          for (const [patient, view] of worldView(one, me).patients.entries()) {
            counts[view.outcome]++;
            if (view.outcome === 'open') counts.entries += view.entries.length;
            await expectView(played, me, patient, view);
          }
        }),
        { numRuns: RUNS },
      );
      expect(Math.min(counts.open, counts.absent, counts.refused)).toBeGreaterThan(RUNS / 25);
      expect(counts.entries).toBeGreaterThan(RUNS);
    },
    LIMIT_MS,
  );

  it(
    'gives somebody entitled whatever it withholds from another',
    async () => {
      const counts = { withheld: 0, given: 0 };
      await fc.assert(
        fc.asyncProperty(world, caller, async (one, me) => {
          const played = await stage.play(one, me);
          const mine = new Set(pathsIn(played, worldView(one, me).patients));
          const given = new Map<string, WorldCaller>();
          for (const other of entitledOf(one)) {
            for (const path of pathsIn(played, worldView(one, other).patients)) {
              if (!mine.has(path)) given.set(path, other);
            }
          }
          for (const path of await allPaths(played)) if (!mine.has(path)) counts.withheld++;
          for (const [path, other] of given) {
            counts.given++;
            // 410 says as much: it was there, for those who might see it.
            const statuses = [
              await statusOf(played, path, me),
              await statusOf(played, path, other),
            ];
            expect([path, ...statuses]).toEqual([path, expect.any(Number), expect.any(Number)]);
            expect([403, 404]).toContain(statuses[0]);
            expect([200, 410]).toContain(statuses[1]);
          }
        }),
        { numRuns: RUNS },
      );
      expect(counts.withheld).toBeGreaterThan(RUNS);
      expect(counts.given / counts.withheld).toBeGreaterThan(0.9);
    },
    LIMIT_MS,
  );
});

/** The steps that were accepted are those that the contract accepts. */
function expectSteps(one: World, { statuses }: PlayedWorld): void {
  const expected = acceptedSteps(one);
  const told = one.slots.map((step, slot) => {
    const changes = step?.kind === 'submit' || step?.kind === 'choose';
    return changes ? [slot, (statuses[slot] ?? 500) < 300] : [slot, false];
  });
  expect(told).toEqual(expected.map((accepted, slot) => [slot, accepted]));
}

async function expectView(
  played: PlayedWorld,
  me: WorldCaller,
  patient: number,
  view: PatientView,
): Promise<void> {
  const id = recordIdOf(patient);
  const total = async (url: string) => {
    const answer = await played.ask({ method: 'GET', url }, me);
    return answer.statusCode === 200 ? answer.json().total : answer.statusCode;
  };
  const traced = `Patient?identifier=${NHS}|${PATIENTS[patient]}`;
  const found = [await statusOf(played, `Patient/${id}`, me), await total(traced)];
  switch (view.outcome) {
    case 'absent':
      expect(found).toEqual([404, 0]);
      expect(await total(`_history?patient=${id}`)).toBe(0);
      return;
    case 'refused':
      expect(found).toEqual(view.why === 'role' ? [403, 403] : [403, view.traced ? 1 : 0]);
      expect(await total(`_history?patient=${id}`)).toBe(403);
      return;
    case 'open':
      expect(await historyIn(played, me, id)).toEqual(
        expectedHistory(played, patient, view.entries),
      );
      expect(await everythingIn(played, me, id)).toEqual(
        expectedCurrent(played, patient, view.entries),
      );
      for (const each of view.entries) {
        const gone = each.versions[0]?.withdrawn === true;
        const path = `${each.type}/${idOf(played, patient, each.key)}`;
        expect([path, await statusOf(played, path, me)]).toEqual([path, gone ? 410 : 200]);
      }
  }
}

interface Told {
  readonly path: string;
  readonly at: string;
  readonly method: string;
}

/** Every version in the history of a record, in an order of our own. */
async function historyIn(played: PlayedWorld, me: WorldCaller, id: string): Promise<Told[]> {
  const answer = await played.ask({ method: 'GET', url: `_history?patient=${id}&_count=1000` }, me);
  const entries: HistoryEntry[] = answer.json().entry ?? [];
  expect(answer.json().total).toBe(entries.length);
  return sorted(
    entries.map(({ request, response }) => ({
      path: request.url,
      at: response.lastModified,
      method: request.method,
    })),
  );
}

interface HistoryEntry {
  readonly request: { readonly url: string; readonly method: string };
  readonly response: { readonly lastModified: string };
}

function expectedHistory(
  played: PlayedWorld,
  patient: number,
  entries: readonly SeenEntry[],
): Told[] {
  return sorted(
    entries.flatMap(({ key, type, versions }) =>
      versions.map(({ at, withdrawn }) => ({
        path: `${type}/${idOf(played, patient, key)}`,
        at: new Date(at).toISOString(),
        method: withdrawn ? 'DELETE' : 'PUT',
      })),
    ),
  );
}

function sorted(told: Told[]): Told[] {
  return told.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}

/** What `$everything` holds: each resource without what the server says of it. */
async function everythingIn(
  played: PlayedWorld,
  me: WorldCaller,
  id: string,
): Promise<Map<string, unknown>> {
  const answer = await played.ask({ method: 'GET', url: `Patient/${id}/$everything` }, me);
  expect(answer.statusCode).toBe(200);
  const entries: { resource: Resource }[] = answer.json().entry ?? [];
  return new Map(
    entries.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, bare(resource)]),
  );
}

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly meta?: { readonly security?: unknown };
  readonly extension?: readonly { readonly valueString?: string }[];
}

/**
 * What tells a version from others: its label and its content; of a Patient and a Consent nothing.
 */
function bare({ resourceType, meta, extension }: Resource): unknown {
  if (resourceType === 'Patient' || resourceType === 'Consent') return resourceType;
  return [meta?.security ?? null, extension?.[0]?.valueString];
}

function expectedCurrent(
  played: PlayedWorld,
  patient: number,
  entries: readonly SeenEntry[],
): Map<string, unknown> {
  const current = entries.filter(({ versions }) => versions[0]?.withdrawn === false);
  return new Map(
    current.map(({ key, type, versions }) => {
      const path = `${type}/${idOf(played, patient, key)}`;
      if (type === 'Patient' || type === 'Consent') return [path, type];
      return [path, bare(JSON.parse(versions[0]?.content ?? '')[0])];
    }),
  );
}

function idOf({ consents }: PlayedWorld, patient: number, key: string): string {
  if (key === PATIENT_KEY) return recordIdOf(patient);
  if (!key.startsWith('Consent/')) return entryIdOf(patient, key);
  return consents.get(Number(key.slice('Consent/'.length))) ?? 'none';
}

async function statusOf(played: PlayedWorld, path: string, who: WorldCaller): Promise<number> {
  return (await played.ask({ method: 'GET', url: path }, who)).statusCode;
}

/** `Type/id` of all that views hold. */
function pathsIn(played: PlayedWorld, views: readonly PatientView[]): readonly string[] {
  return views.flatMap((view, patient) => {
    if (view.outcome !== 'open') return [];
    return view.entries.map(({ key, type }) => `${type}/${idOf(played, patient, key)}`);
  });
}

/** `Type/id` of all that the records of a world hold. */
async function allPaths({ store }: PlayedWorld): Promise<readonly string[]> {
  const records = await Promise.all([0, 1].map((each) => store.currentRecord(recordIdOf(each))));
  return records.flatMap((record) =>
    (record?.entries ?? []).map(({ type, id }) => `${type}/${id}`),
  );
}

/** Those who, between them, may see everything that anybody may: patients, and who recorded it. */
function entitledOf({ slots }: World): readonly WorldCaller[] {
  const nobody = { purpose: null, launch: null, nhs: null };
  const systems = slots.flatMap((step) => {
    if (step?.kind !== 'submit') return [];
    const { system, organization } = step;
    return [{ ...nobody, role: system, organization, subject: `system-${organization}` }];
  });
  const people = [0, 1].map((nhs) => ({
    ...nobody,
    role: 'patient' as const,
    organization: '',
    nhs,
    subject: `patient-${nhs}`,
  }));
  return [...people, ...systems];
}
