import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRuleData } from '../src/adapters/files/rule-data.ts';
import { decisionUs } from './decisions.ts';
import { fire } from './load.ts';
import {
  everythingOf,
  medicationSearches,
  practiceToken,
  submission,
  submissionBody,
  submitPatients,
  summariesOf,
} from './patients.ts';
import {
  newPlace,
  type Place,
  ROOT,
  type Serving,
  startBareRoute,
  startFloorRoute,
  startServer,
} from './processes.ts';
import type { Row } from './report.ts';
import { type Candidate, compare, type Figures, type Plan } from './rounds.ts';
import { sharesIn } from './shares.ts';
import { type Spread, spreadOf } from './statistics.ts';

const PATIENTS = 32;
const ANSWER_BYTES = 8_100;

/** The route that does the least that can be done; see `floor-route.ts`. */
export const FLOOR = 'floor';

/** Reads, against the bare route; on SQLite unless a MongoDB URL is given. */
export async function reads(
  plan: Omit<Plan, 'connections'>,
  mongodbUrl?: string,
): Promise<readonly Figures[]> {
  const place = await newPlace(mongodbUrl && `${mongodbUrl}scr_bench_${process.pid}`);
  const bare = await startBareRoute(ANSWER_BYTES, { mongodbUrl });
  // On MongoDB the bare route itself reads and audits.
  const floor = mongodbUrl === undefined ? [await startFloorRoute(ANSWER_BYTES, place)] : [];
  const server = await startServer(place);
  try {
    const ids = await submitPatients(place, server, PATIENTS);
    const shots = await medicationSearches(place, ids);
    const figures: Figures[] = [];
    for (const connections of [16, 64]) {
      const candidates = [
        { name: 'bare route', server: bare, shots },
        ...floor.map((each) => ({ name: FLOOR, server: each, shots })),
        { name: 'MedicationStatement?patient=', server, shots },
        { name: '$summary', server, shots: await summariesOf(place, ids) },
        { name: '$everything', server, shots: await everythingOf(place, ids) },
      ];
      figures.push(...(await compare(candidates, { ...plan, connections })));
    }
    return figures;
  } finally {
    await Promise.all([server, bare, ...floor].map((each) => each.stop()));
    await place.remove();
  }
}

/** What a second process brings, to the bare route and to the server. */
export async function secondWorker(plan: Omit<Plan, 'connections'>): Promise<readonly Figures[]> {
  const place = await newPlace();
  const bare = await Promise.all([1, 2].map((n) => startBareRoute(ANSWER_BYTES, { workers: n })));
  const servers = [await startServer(place), await startServer(place, { workers: 2 })];
  try {
    const [first] = servers as [Serving];
    const shots = await medicationSearches(place, await submitPatients(place, first, PATIENTS));
    const figures: Figures[] = [];
    for (const pair of [bare, servers]) {
      const candidates = pair.map((server, n) => ({ name: `${n + 1} of them`, server, shots }));
      figures.push(...(await compare(candidates, { ...plan, connections: 64 })));
    }
    return figures;
  } finally {
    await Promise.all([...bare, ...servers].map((each) => each.stop()));
    await place.remove();
  }
}

/** Submissions of 12 entries, all of them changed and none; against the bare route. */
export async function submissions(plan: Omit<Plan, 'connections'>): Promise<readonly Figures[]> {
  const place = await newPlace();
  const bare = await startBareRoute(ANSWER_BYTES);
  const server = await startServer(place);
  try {
    const ids = await submitPatients(place, server, 64);
    const token = await practiceToken(place);
    const changed = changedBodies(ids.length);
    const unchanged = ids.map((_, n) => submission(token, submissionBody(n + ids.length)));
    await fire(server.url, unchanged, { connections: 1, seconds: 1 });
    const candidates = [
      { name: 'bare route', server: bare, shots: await medicationSearches(place, ids) },
      { name: 'submission, all changed', server, shots: unchanged, ...changed },
      { name: 'submission, unchanged', server, shots: unchanged },
    ];
    return await compare(candidates, { ...plan, connections: 64 });
  } finally {
    await Promise.all([server.stop(), bare.stop()]);
    await place.remove();
  }
}

/** More than any server takes in a second. */
const BODIES_A_SECOND = 3_000;

/** Records of these patients, each time with every entry changed; made before they are sent. */
function changedBodies(patients: number): Pick<Candidate, 'prepare' | 'nextBody'> {
  let made = 0;
  let bodies: string[] = [];
  return {
    prepare(seconds) {
      bodies = Array.from({ length: BODIES_A_SECOND * seconds }, () => {
        made += 1;
        return submissionBody(made % patients, Math.ceil(made / patients));
      });
      bodies.reverse();
    },
    nextBody: () => bodies.pop() ?? '',
  };
}

/** Milliseconds from the start of the process until it is ready, with warm files. */
export async function startTimes(times: number): Promise<Spread> {
  const place = await newPlace();
  const found: number[] = [];
  for (let n = 0; n < times; n += 1) found.push(await startOnce(place));
  await place.remove();
  return spreadOf(found);
}

async function startOnce(place: Place): Promise<number> {
  const server = await startServer(place);
  await server.stop();
  return server.readyAfterMs;
}

/** What a read's time goes to. */
export async function readShares(seconds: number, keepIn?: string): Promise<readonly Row[]> {
  const directory = keepIn ?? (await mkdtemp(join(tmpdir(), 'scr-profile-')));
  const place = await newPlace();
  const first = await startServer(place);
  const shots = await medicationSearches(place, await submitPatients(place, first, PATIENTS));
  await first.stop();
  const server = await startServer(place, { profileTo: directory });
  await fire(server.url, shots, { connections: 64, seconds });
  await server.stop();
  const shares = await sharesIn(directory, 3);
  await place.remove();
  if (keepIn === undefined) await rm(directory, { recursive: true });
  return [...shares]
    .sort(([, a], [, b]) => b - a)
    .map(([part, share]) => ({
      name: `share of a read: ${part}`,
      unit: '%',
      value: spreadOf([share * 100]),
      more: false,
      compared: false,
    }));
}

/** How long a decision takes. */
export async function decisions(): Promise<readonly Row[]> {
  const data = await loadRuleData(join(ROOT, 'profiles'));
  return [12, 200].map((entries) => ({
    name: `decision on a record of ${entries} entries`,
    unit: 'µs',
    value: decisionUs(data, entries),
    more: false,
    compared: false,
    ...(entries === 200 ? { goal: 20 } : {}),
  }));
}
