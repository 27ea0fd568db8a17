import type { DevIssuer } from '../adapters/jwt/dev-issuer.ts';
import type { App } from '../app.ts';
import type { Config } from '../config.ts';
import { FHIR_PATH } from '../http/route.ts';
import { showProgress } from './progress-bar.ts';
import { faultsIn } from './record-body.ts';
import {
  bodyOf,
  readManifest,
  SEED_DIRECTORY,
  type SeedManifest,
  type SeedStep,
} from './seed-data.ts';
import { readSeedProgress, removeSeedProgress, writeSeedProgress } from './seed-progress.ts';

/**
 * Loads the demonstration data into an empty store, request by request through the server's own
 * interface, as the systems and people of the manifest; a loading that was cut short goes on. Does
 * nothing when the store holds other records. Rejects on the first request that is not taken: half
 * a demonstration shows nothing.
 */
export async function loadSeed(app: App, config: Config): Promise<void> {
  const isEmpty = await app.context.store.isEmpty();
  const unfinished = isEmpty ? null : await readSeedProgress(config.dataDirectory);
  if (!isEmpty && unfinished === null) return;
  const issuer = app.devIssuer;
  if (issuer === null) {
    throw new Error(
      'SCR_SEED=demo needs development mode, whose tokens it uses; set SCR_SEED=none.',
    );
  }
  const manifest = await readManifest(SEED_DIRECTORY);
  const { startedAt, done } = unfinished ?? { startedAt: app.context.clock.now(), done: 0 };
  const loading = { app, issuer, manifest, startedAt, dataDirectory: config.dataDirectory };
  await quietly(app, () => loadFrom(done, loading));
}

interface Loading {
  readonly app: App;
  readonly issuer: DevIssuer;
  readonly manifest: SeedManifest;
  readonly startedAt: number;
  readonly dataDirectory: string;
}

async function loadFrom(first: number, loading: Loading): Promise<void> {
  const { manifest, startedAt, dataDirectory } = loading;
  const steps = manifest.steps.slice(first);
  const progress = showProgress('Loading the demonstration data', steps.length, process.stderr);
  for (const [index, step] of steps.entries()) {
    await writeSeedProgress(dataDirectory, { startedAt, done: first + index });
    const refusal = await post(step, loading);
    if (refusal !== null) {
      progress.finish();
      throw new Error(`the demonstration data was not taken: seed/${step.file}: ${refusal}`);
    }
    progress.advance();
  }
  await removeSeedProgress(dataDirectory);
  progress.finish();
}

/** Null when it was taken, else why not. */
async function post(step: SeedStep, loading: Loading): Promise<string | null> {
  const token = await tokenFor(step, loading);
  const answer = await loading.app.server.inject({
    method: 'POST',
    url: `${FHIR_PATH}/${step.post}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    payload: await bodyOf(SEED_DIRECTORY, step, loading.startedAt),
  });
  if (answer.statusCode === 200 || answer.statusCode === 201) return null;
  return [answer.statusCode, ...faultsIn(answer.body)].join(' ');
}

function tokenFor({ role, organization, patient }: SeedStep, loading: Loading): Promise<string> {
  const { names, clock } = loading.app.context;
  return loading.issuer.mint({
    role,
    organization,
    organizationName: loading.manifest.organizations[organization],
    patient: patient === undefined ? undefined : names.recordId(patient),
    // A clinician who has a patient open sits with them, and has asked.
    purpose: patient === undefined ? undefined : 'TREAT',
    subject: `demonstration-${role}-${organization}`,
    now: clock.now(),
  });
}

/** Without a log line for each request: the progress says as much. Warnings and errors stay. */
async function quietly(app: App, work: () => Promise<void>): Promise<void> {
  const { level } = app.logger;
  if (app.logger.isLevelEnabled('info')) app.logger.level = 'warn';
  try {
    await work();
  } finally {
    app.logger.level = level;
  }
}
