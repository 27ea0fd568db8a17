import type { Caller } from '../src/domain/access/caller.ts';
import { parseScopes } from '../src/domain/access/scope.ts';
import { disclose } from '../src/domain/consent/disclose.ts';
import type { RuleData } from '../src/domain/consent/rule-data.ts';
import type { CareRecord, Entry } from '../src/domain/record/care-record.ts';
import { type Spread, spreadOf } from './statistics.ts';

const NOW = Date.parse('2026-03-02T12:00:00.000Z');
const DECISIONS = 2_000;
const ROUNDS = 9;

/** How long a decision on a record of so many entries takes, in microseconds. */
export function decisionUs(data: RuleData, entries: number): Spread {
  const record = recordOf(entries);
  const requester = { caller: CLINICIAN, claims: [] };
  const round = (): number => {
    const startedAt = performance.now();
    // The moment differs each time, as it does from request to request.
    for (let n = 0; n < DECISIONS; n += 1) disclose(record, requester, data, NOW + n);
    return ((performance.now() - startedAt) * 1000) / DECISIONS;
  };
  round();
  return spreadOf(Array.from({ length: ROUNDS }, round));
}

/** Urgent care with a launch context, away from the registered practice: every rule has its say. */
const CLINICIAN: Caller = {
  issuer: 'urn:bench',
  subject: 'dr-khan',
  name: null,
  role: 'clinician',
  organization: 'RX1',
  organizationName: null,
  purpose: 'TREAT',
  scopes: parseScopes('user/*.rs'),
  client: null,
  tokenId: null,
  launchPatient: 'a'.repeat(24),
  nhsNumber: null,
  expiresAt: NOW,
};

/** Half medicines, a quarter allergies and conditions each, their prescriber, three consents. */
function recordOf(entries: number): CareRecord {
  const id = 'a'.repeat(24);
  const source = {
    version: 1,
    timestamp: '2026-03-01T00:00:00.000Z',
    acceptedAt: '2026-03-01T00:00:00.000Z',
  };
  return {
    id,
    nhsNumber: '9000000009',
    version: 1,
    committedAt: source.acceptedAt,
    practice: 'A81001',
    registeredAt: source.acceptedAt,
    formerPractices: [],
    dissentSeenAt: null,
    sources: { A81001: source, RY601: source },
    terms: [],
    entries: [
      anEntry(0, 'Patient', { id }),
      anEntry(1, 'Practitioner'),
      ...(['scr-core-and-additional', 'view', 'sharing-out'] as const).map((policy, n) =>
        anEntry(2 + n, 'Consent', {
          choice: {
            policy,
            permits: true,
            organization: 'A81001',
            active: true,
            madeAt: NOW - 1000,
            from: null,
            until: null,
            names: [],
          },
        }),
      ),
      ...Array.from({ length: entries - 5 }, (_, n) => clinicalEntry(n)),
    ],
  };
}

function clinicalEntry(n: number): Entry {
  const type = (['MedicationStatement', 'AllergyIntolerance'] as const)[n % 4 === 1 ? 1 : 0];
  if (n % 4 === 3) return anEntry(n + 5, 'Condition');
  if (type === 'AllergyIntolerance') return anEntry(n + 5, type);
  const medication = {
    prescription: n % 3 === 0 ? 'acute' : 'repeat',
    status: n % 5 === 0 ? 'completed' : 'active',
    start: '2025-06-01',
    end: n % 5 === 0 ? '2025-12-01' : null,
    issued: '2025-06-01',
  } as const;
  return anEntry(n + 5, type, { medication, refs: [idOf(1)] });
}

function anEntry(n: number, type: Entry['type'], changes: Partial<Entry> = {}): Entry {
  return {
    id: idOf(n),
    type,
    recordedBy: n % 7 === 3 ? 'RY601' : 'A81001',
    versionId: '0123456789abcdef',
    lastUpdated: '2026-03-01T00:00:00.000Z',
    since: 1,
    withdrawn: false,
    digest: '',
    text: { fragment: 'f', start: 0, end: 1 },
    labels: [],
    codes: [`http://snomed.info/sct|${100_000 + n}`],
    refs: [],
    ...changes,
  } as Entry;
}

function idOf(n: number): string {
  return `${'a'.repeat(24)}-${String(n).padStart(24, '0')}`;
}
