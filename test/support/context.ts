import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { keyedNames } from '../../src/adapters/system/names.ts';
import type { Caller, Role } from '../../src/domain/access/caller.ts';
import type { Scope } from '../../src/domain/access/scope.ts';
import type { RuleData } from '../../src/domain/consent/rule-data.ts';
import type { Call, Context } from '../../src/interactions/context.ts';
import { RecordTurns } from '../../src/interactions/record-turns.ts';

/** The moment at which every test clock starts. */
export const START = Date.parse('2026-03-02T12:00:00.000Z');
export const BASE_URL = 'http://127.0.0.1:8080/FHIR/R4';

/** The rules' data as they are delivered, without any sensitive code. */
export const RULES: RuleData = {
  acuteMonths: 12,
  discontinuedMonths: 6,
  claimHours: 24,
  documentHours: 24,
  sensitiveCodes: new Set(),
};

/** A Context on a real embedded store in a directory of its own, with time and ids in hand. */
export interface TestContext {
  readonly context: Context;
  /** Moves the clock; it never moves by itself. */
  advance(milliseconds: number): void;
  /** Closes the store and removes its directory. */
  close(): Promise<void>;
}

/** Opens a Context for one test; `changes` replaces parts of it. */
export async function openContext(changes: Partial<Context> = {}): Promise<TestContext> {
  const directory = await mkdtemp(join(tmpdir(), 'scr-test-'));
  const store = await openSqliteStore(join(directory, 'scr.db'));
  let now = START;
  let fresh = 0;
  const context: Context = {
    store,
    clock: { now: () => now },
    ids: { fresh: () => numberedId(++fresh) },
    names: keyedNames(await store.secret()),
    rules: RULES,
    reading: 'as-of-this-test',
    presenting: 'as-of-this-test',
    turns: new RecordTurns(),
    baseUrl: BASE_URL,
    ...changes,
  };
  return {
    context,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    close: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** The id that a test context gives as its nth: the shape of a version 7 UUID, in order. */
export function numberedId(n: number): string {
  return `019cb000-0000-7000-9000-${n.toString(16).padStart(12, '0')}`;
}

const EVERY_SCOPE: readonly Scope[] = (['system', 'user', 'patient'] as const).map((level) => ({
  level,
  type: '*',
  permissions: 'cruds',
}));

/** A caller of this role at the organisation RX1, with every scope. */
export function callerOf(role: Role, changes: Partial<Caller> = {}): Caller {
  return {
    issuer: 'https://issuer.example',
    subject: `${role}-1`,
    name: 'Dr A Khan',
    role,
    organization: 'RX1',
    organizationName: 'Leeds Urgent Care',
    purpose: 'TREAT',
    scopes: EVERY_SCOPE,
    client: 'test-client',
    tokenId: 'token-1',
    launchPatient: null,
    nhsNumber: null,
    expiresAt: START / 1000 + 3600,
    ...changes,
  };
}

/** A call by this caller; `act` replaces parts of what it does. */
export function callBy(caller: Caller, act: Partial<Call['act']> = {}): Call {
  return {
    caller,
    requestId: 'request-1',
    act: { interaction: 'read', type: 'Patient', action: 'R', target: '/Patient/1', ...act },
  };
}
