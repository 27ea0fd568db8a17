import { join } from 'node:path';
import { openSqliteStore } from '../src/adapters/sqlite/store.ts';
import { systemIds } from '../src/adapters/system/ids.ts';
import type { AuditEntry } from '../src/domain/audit/entry.ts';
import type { Store } from '../src/ports/store.ts';
import { newPlace } from './processes.ts';
import type { Row } from './report.ts';
import { type Spread, spreadOf } from './statistics.ts';

const PATIENTS_PER_ENTRY = 1 / 20;
const BATCH = 200;
const SAMPLES = 400;
const AT_ONCE = 32;

/** Appending to the audit log, and a patient's access log, with ever more entries in it. */
export async function auditGrowth(sizes: readonly number[]): Promise<readonly Row[]> {
  const place = await newPlace();
  const store = await openSqliteStore(join(place.directory, 'scr.db'));
  const rows: Row[] = [];
  const first = new Map<string, Spread>();
  let there = 0;
  for (const size of sizes) {
    const startedAt = performance.now();
    for (; there < size; there += BATCH) await store.appendAudit(entries(there, BATCH, size));
    await store.auditEntry('');
    const rate = size / ((performance.now() - startedAt) / 1000);
    rows.push(row(`audit log: bringing in up to ${size} entries`, 'entries/s', spreadOf([rate])));
    const figures = {
      'append, 32 at once: median': await appendMs(store, size),
      'access log of a patient: median': await searchMs(store, size),
    };
    for (const [name, value] of Object.entries(figures)) {
      rows.push(row(`audit log with ${size} entries: ${name}`, 'ms', value));
      const least = first.get(name);
      if (least === undefined) first.set(name, value);
      else
        rows.push(
          compared(`audit log with ${size} entries, to ${sizes[0]}: ${name}`, value, least),
        );
    }
  }
  await store.close();
  await place.remove();
  return rows;
}

function row(name: string, unit: string, value: Spread): Row {
  return { name, unit, value, more: false, compared: false };
}

function compared(name: string, { median }: Spread, least: Spread): Row {
  const value = spreadOf([median / least.median]);
  return { name, unit: '', value, goal: 1.25, more: false, compared: true };
}

async function appendMs(store: Store, size: number): Promise<Spread> {
  const times: number[] = [];
  for (let n = 0; n < SAMPLES / AT_ONCE; n += 1) {
    const startedAt = performance.now();
    const some = entries(size, AT_ONCE, size);
    await Promise.all(some.map((entry) => store.appendAudit([entry])));
    times.push(performance.now() - startedAt);
  }
  return spreadOf(times);
}

async function searchMs(store: Store, size: number): Promise<Spread> {
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const startedAt = performance.now();
    await store.searchAudit({ patients: [patient(n * 7, size)], limit: 50 });
    times.push(performance.now() - startedAt);
  }
  return spreadOf(times);
}

const ids = systemIds();
const START = Date.parse('2026-01-01T00:00:00.000Z');

function entries(from: number, count: number, size: number): readonly AuditEntry[] {
  return Array.from({ length: count }, (_, k) => entry(from + k, size));
}

function entry(n: number, size: number): AuditEntry {
  const about = patient(n * 31, size);
  return {
    id: ids.fresh(),
    recorded: new Date(START + n * 40).toISOString(),
    interaction: 'search-type',
    action: 'E',
    outcome: '0',
    outcomeDesc: null,
    agent: {
      issuer: 'https://issuer.example',
      subject: `dr-${n % 5_000}`,
      name: 'Dr A Khan',
      organization: `RX${n % 200}`,
      organizationName: 'Leeds Urgent Care',
      role: 'clinician',
      purpose: 'TREAT',
      client: null,
      tokenId: null,
    },
    patient: about,
    entities: Array.from(
      { length: 8 },
      (_, k) =>
        `MedicationStatement/${about}-${String(k).padStart(24, '0')}/_history/0123456789abcdef`,
    ),
    entityNames: ['MedicationStatement'],
    query: `/FHIR/R4/MedicationStatement?patient=${about}`,
    requestId: `request-${n}`,
    rules: [{ rule: 'relationship', withheld: 0 }],
    alert: null,
    claim: null,
  };
}

function patient(n: number, size: number): string {
  const patients = Math.max(1, Math.floor(size * PATIENTS_PER_ENTRY));
  return (n % patients).toString(16).padStart(24, '0');
}
