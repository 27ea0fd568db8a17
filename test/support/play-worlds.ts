import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { claimsOf } from '../../src/adapters/jwt/mint-token.ts';
import { keyedNames } from '../../src/adapters/system/names.ts';
import {
  callerFromClaims,
  type VerifiedClaims,
} from '../../src/domain/access/caller-from-claims.ts';
import type { AuditEntry } from '../../src/domain/audit/entry.ts';
import type { RuleData } from '../../src/domain/consent/rule-data.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { createLogger } from '../../src/http/request-log.ts';
import { createServer } from '../../src/http/server.ts';
import type { Context } from '../../src/interactions/context.ts';
import { RecordTurns } from '../../src/interactions/record-turns.ts';
import type { Store } from '../../src/ports/store.ts';
import { BASE_URL, numberedId, RULES } from './context.ts';
import { emptyMemory, memoryStore } from './memory-store.ts';
import { submissionOf } from './requests.ts';
import { bundleOf, consentOf } from './world-resources.ts';
import {
  actorOf,
  type Choosing,
  momentOf,
  PATIENTS,
  SENSITIVE_CODE,
  SLOTS,
  type Step,
  type World,
  type WorldCaller,
} from './worlds.ts';

/** A server that plays one world after another, each on an empty store. */
export interface Stage {
  /** Plays a world from its beginning: its steps, and after them nothing. */
  play(world: World, me: WorldCaller): Promise<PlayedWorld>;
  close(): Promise<void>;
}

/** A world that was played, and can now be asked. */
export interface PlayedWorld {
  readonly store: Store;
  /** The status that each step was answered with; null where there was none. */
  readonly statuses: readonly (number | null)[];
  /** Ids of the Consents by the slot in which they were recorded. */
  readonly consents: ReadonlyMap<number, string>;
  ask(request: Asked, who: WorldCaller): Promise<LightMyRequestResponse>;
  /** Gives the store back; it cannot be asked any more. */
  close(): Promise<void>;
}

/** An empty store, which is nobody else's. */
export type OpenStore = () => Promise<{ readonly store: Store; dispose(): Promise<void> }>;

const inMemory: OpenStore = async () => {
  const store = memoryStore(emptyMemory(SECRET));
  return { store, dispose: () => store.close() };
};

/** A request without its token; `url` begins behind the FHIR base. */
export interface Asked {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly payload?: string;
}

const SECRET = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
/** All worlds share one secret, so that equal things have equal ids. */
export const NAMES = keyedNames(SECRET);
const IDS_PER_STEP = 10_000;

/** The rules as delivered, with one code in the exclusion sets. */
export const WORLD_RULES: RuleData = {
  ...RULES,
  sensitiveCodes: new Set([`http://snomed.info/sct|${SENSITIVE_CODE}`]),
};

/** Builds the server once: every world is played on it, each on an empty store of its own. */
export async function openStage(open: OpenStore = inMemory): Promise<Stage> {
  const clockwork = { now: momentOf(0), ids: 0, store: memoryStore(emptyMemory(SECRET)) };
  const server = await serverOn(clockwork);
  return {
    play: async (world, me) => {
      const { store: empty, dispose } = await open();
      const store = renaming(empty, clockwork);
      const player = new Player(server, clockwork, store, me);
      for (let slot = 0; slot < SLOTS; slot++) {
        const step = world.slots[slot] ?? null;
        if (step !== null) await player.take(step, slot);
      }
      let asked = SLOTS;
      return {
        store,
        statuses: player.statuses,
        consents: player.consents,
        ask: (request, who) => player.ask(request, who, momentOf(SLOTS), asked++),
        close: dispose,
      };
    },
    close: () => server.close(),
  };
}

/** What a world moves: time, the numbers of fresh ids, and the store. */
interface Clockwork {
  now: number;
  ids: number;
  store: Store;
}

/**
 * How many fresh ids a step takes depends on what it brings; real ones are random and tell nothing
 * of that, so here the audit entries of steps are numbered from a place of their own.
 */
function renaming(store: Store, clockwork: Clockwork): Store {
  const renamed = (entries: readonly AuditEntry[]): readonly AuditEntry[] => {
    const place = Math.floor(clockwork.ids / IDS_PER_STEP);
    if (place >= SLOTS) return entries;
    const first = place * IDS_PER_STEP + IDS_PER_STEP / 2;
    return entries.map((entry, n) => ({ ...entry, id: numberedId(first + n) }));
  };
  return {
    ...store,
    commit: (commit) => store.commit({ ...commit, audit: renamed(commit.audit) }),
    appendAudit: (entries) => store.appendAudit(renamed(entries)),
  };
}

async function serverOn(clockwork: Clockwork): Promise<FastifyInstance> {
  const context: Context = {
    // A world's store is put in later, behind the server's back.
    store: new Proxy({} as Store, { get: (_, name) => Reflect.get(clockwork.store, name) }),
    clock: { now: () => clockwork.now },
    ids: { fresh: () => numberedId(++clockwork.ids) },
    names: NAMES,
    rules: WORLD_RULES,
    reading: 'as-of-this-test',
    presenting: 'as-of-this-test',
    turns: new RecordTurns(),
    baseUrl: BASE_URL,
  };
  return createServer({
    context,
    verifier: {
      recall: () => null,
      verify: async (token) => callerFromClaims(claimsIn(token)),
    },
    logger: createLogger({ level: 'silent', readable: false }),
    metrics: createMetrics(),
    issuers: [],
    devKeys: null,
    version: '0',
    corsOrigins: [],
  });
}

/** Tokens here are the claims themselves: what is proved begins after a token was verified. */
function claimsIn(token: string): VerifiedClaims {
  return JSON.parse(Buffer.from(token, 'base64url').toString()) as VerifiedClaims;
}

function tokenOf(who: WorldCaller, now: number): string {
  const { role, organization, purpose, launch, nhs, subject } = who;
  const claims = claimsOf(
    { issuer: 'https://issuer.test', audience: 'https://scr.test' },
    {
      now,
      role,
      subject,
      organization: organization === '' ? undefined : organization,
      purpose: purpose ?? undefined,
      patient: launch === null ? undefined : recordIdOf(launch),
      nhsNumber: nhs === null ? undefined : PATIENTS[nhs],
    },
  );
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}

/** The record id of a patient of all worlds. */
export function recordIdOf(patient: number): string {
  return NAMES.recordId(PATIENTS[patient] ?? '');
}

/** The id of an entry by its key, `[organisation]|[type]/[number]`. */
export function entryIdOf(patient: number, key: string): string {
  const [organization, path = ''] = key.split('|');
  const [type, number] = path.split('/');
  const known =
    type === 'Provenance'
      ? `${type}#${type}/${type}-${number}`
      : `${type}|https://source.test/id|${number}`;
  const source = `${organization}|${known}`;
  return NAMES.entryId(recordIdOf(patient), source);
}

class Player {
  readonly statuses: (number | null)[] = Array.from({ length: SLOTS }, () => null);
  readonly consents = new Map<number, string>();
  readonly #server: FastifyInstance;
  readonly #clockwork: Clockwork;
  readonly #store: Store;
  readonly #me: WorldCaller;

  constructor(server: FastifyInstance, clockwork: Clockwork, store: Store, me: WorldCaller) {
    this.#server = server;
    this.#clockwork = clockwork;
    this.#store = store;
    this.#me = me;
  }

  async take(step: Step, slot: number): Promise<void> {
    const who = actorOf(step, this.#me);
    const answer = await this.ask(this.#requestOf(step, slot), who, momentOf(slot), slot);
    if (answer.statusCode >= 500) throw new Error(`a step was answered with ${answer.body}`);
    this.statuses[slot] = answer.statusCode;
    if (step.kind === 'choose' && answer.statusCode === 201) {
      this.consents.set(slot, String(answer.json().id));
    }
  }

  ask(
    request: Asked,
    who: WorldCaller,
    now: number,
    place: number,
  ): Promise<LightMyRequestResponse> {
    // Several worlds are on stage at once.
    this.#clockwork.store = this.#store;
    this.#clockwork.now = now;
    // Fresh ids depend on the step alone: a step that one world lacks moves none of the others.
    this.#clockwork.ids = place * IDS_PER_STEP;
    const { method, url, headers, payload } = request;
    return this.#server.inject({
      method,
      url: url === '' ? '/FHIR/R4' : `/FHIR/R4/${url}`,
      headers: {
        authorization: `Bearer ${tokenOf(who, now)}`,
        'x-request-id': `request-${place}`,
        ...(payload === undefined ? {} : { 'content-type': 'application/fhir+json' }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
  }

  #requestOf(step: Step, slot: number): Asked {
    const patient = recordIdOf(step.patient);
    switch (step.kind) {
      case 'submit':
        return post('$submit-record', submissionOf(bundleOf(step)));
      case 'choose':
        return this.#choice(step, slot, patient);
      case 'claim':
        return post('$claim-relationship', claimOf(step));
      case 'access':
        return { method: 'GET', url: accessTo(step.type, patient) };
    }
  }

  #choice(step: Choosing, slot: number, patient: string): Asked {
    const references = step.names.map((key) => {
      const type = key.split('|')[1]?.split('/')[0];
      return `${type}/${entryIdOf(step.patient, key)}`;
    });
    const consent = consentOf(step, patient, momentOf(slot), references);
    if (step.changes === null) return post('Consent', consent);
    const id = this.consents.get(step.changes) ?? `${patient}-none`;
    const payload = JSON.stringify({ ...consent, id });
    return { method: 'PUT', url: `Consent/${id}`, payload };
  }
}

function accessTo(type: string, patient: string): string {
  return type.startsWith('$')
    ? `Patient/${patient}/${type}`
    : `${type}?patient=${patient}&_include=*`;
}

function post(url: string, body: object): Asked {
  return { method: 'POST', url, payload: JSON.stringify(body) };
}

function claimOf(step: { readonly patient: number; readonly reason: string }): object {
  const parameter = [
    { name: 'nhsNumber', valueString: PATIENTS[step.patient] },
    { name: 'reason', valueCode: step.reason },
  ];
  return { resourceType: 'Parameters', parameter };
}
