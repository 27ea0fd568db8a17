import type { DatabaseSync } from 'node:sqlite';
import { linkTo, packEntry } from '../src/adapters/sqlite/audit-pack.ts';
import { termNumber, termsOf } from '../src/adapters/sqlite/audit-terms.ts';
import { openDatabase } from '../src/adapters/sqlite/database.ts';
import type { AuditEntry } from '../src/domain/audit/entry.ts';

/**
 * Fills the audit tables with entries by SQL: what the indexer would have written there, row for
 * row, without a log file, a sync and a JSON text for each. Entries are 40 ms apart; the nth is
 * about patient `n * SCATTER mod patients`, by agent `n mod agents`.
 */

export const AGENTS = 5_000;
/** The nth agent is of the organisation `n mod ORGANIZATIONS`. */
export const ORGANIZATIONS = 200;
export const ENTRIES_OF_A_PATIENT = 100;
export const STEP_MS = 40;
export const START_MS = Date.parse('2026-01-01T00:00:00.000Z');
/** A prime, so that neighbours in time are strangers in the index. */
const SCATTER = 7_919;

/** Rows in one statement, so that what is not committed stays small. */
const CHUNK = 500_000;

/** How many patients a log of this size is about. */
export function patientsIn(size: number): number {
  return Math.max(1, Math.floor(size / ENTRIES_OF_A_PATIENT));
}

/** The entry that the filled ones are copies of. */
export type Sample = (patient: number, agent: number) => AuditEntry;

/** Fills a new database with so many entries that look like the sample. */
export async function fillAudit(path: string, size: number, sample: Sample): Promise<void> {
  const database = await openDatabase(path);
  // Nobody else is there, and what a crash leaves is thrown away.
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY');
  try {
    const patients = patientsIn(size);
    prepareParts(database, patients, sample);
    insertEntries(database, size, patients);
    insertTerms(database, size, patients);
  } finally {
    database.close();
  }
}

/** What entries are put together from: a piece for each agent, and for each patient. */
function prepareParts(database: DatabaseSync, patients: number, sample: Sample): void {
  database.exec(`
    CREATE TEMP TABLE patient (n INTEGER PRIMARY KEY, piece BLOB, tail BLOB, term INTEGER);
    CREATE TEMP TABLE agent (n INTEGER PRIMARY KEY, piece BLOB, subject INTEGER, org INTEGER);
    CREATE TEMP TABLE name (term INTEGER)`);
  const insertValue = database.prepare('INSERT OR IGNORE INTO audit_value VALUES (?, ?)');
  const insertAgent = database.prepare('INSERT INTO agent VALUES (?, ?, ?, ?)');
  const insertPatient = database.prepare('INSERT INTO patient VALUES (?, ?, ?, ?)');
  for (let n = 0; n < AGENTS; n += 1) {
    const entry = sample(0, n);
    const { pieces, values } = piecesOf(entry);
    const [piece = null] = pieces;
    for (const value of values) insertValue.run(linkTo(value), value);
    insertAgent.run(n, piece, termOf(entry, 's'), termOf(entry, 'o'));
  }
  for (let n = 0; n < patients; n += 1) {
    const entry = sample(n, 0);
    const [, piece = null, tail = null] = piecesOf(entry).pieces;
    insertPatient.run(n, piece, tail, termOf(entry, 'p'));
  }
  database.prepare('INSERT INTO name VALUES (?)').run(termOf(sample(0, 0), 'n'));
}

/** A packed entry, cut where agent and patient meet, and around the id of the request. */
function piecesOf(entry: AuditEntry): { pieces: readonly Uint8Array[]; values: readonly string[] } {
  const { bytes, values } = packEntry(entry);
  const packed = Buffer.from(bytes);
  const patient = packed.indexOf(Buffer.from(entry.patient ?? '', 'hex'));
  const request = packed.indexOf(Buffer.from(entry.requestId.replaceAll('-', ''), 'hex'));
  if (patient < 0 || request < 0) throw new Error('the sample cannot be cut');
  return {
    pieces: [
      packed.subarray(0, patient),
      packed.subarray(patient, request),
      packed.subarray(request + 16),
    ],
    values: values.map(({ value }) => value),
  };
}

function termOf(entry: AuditEntry, kind: string): number {
  return termNumber(termsOf(entry).find((term) => term.startsWith(`${kind}:`)) ?? '');
}

function insertEntries(database: DatabaseSync, size: number, patients: number): void {
  const insert = database.prepare(`
    WITH RECURSIVE entry (e) AS (SELECT ?1 UNION ALL SELECT e + 1 FROM entry WHERE e + 1 < ?2)
    INSERT INTO audit_entry (seq, id, recorded, entry)
    SELECT e + 1,
      printf('%08x-%04x-7000-8000-%012x', (${START_MS} + e * ${STEP_MS}) >> 16,
        (${START_MS} + e * ${STEP_MS}) & 65535, e),
      ${START_MS} + e * ${STEP_MS},
      CAST(a.piece || p.piece || randomblob(16) || p.tail AS BLOB)
    FROM entry
      CROSS JOIN agent a ON a.n = e % ${AGENTS}
      CROSS JOIN patient p ON p.n = (e * ${SCATTER}) % ?3`);
  for (let from = 0; from < size; from += CHUNK) {
    insert.run(from, Math.min(from + CHUNK, size), patients);
  }
}

/** In the order of the index, so that no page is written twice. */
function insertTerms(database: DatabaseSync, size: number, patients: number): void {
  const inverse = inverseOf(SCATTER, patients);
  const runs: readonly (readonly [string, number])[] = [
    [`SELECT term, n * ${inverse} % ${patients} AS first FROM patient`, patients],
    ['SELECT subject AS term, n AS first FROM agent', AGENTS],
    [`SELECT org AS term, n AS first FROM agent WHERE n < ${ORGANIZATIONS}`, ORGANIZATIONS],
  ];
  database.exec('CREATE TEMP TABLE turn (k INTEGER PRIMARY KEY)');
  database
    .prepare(`
      WITH RECURSIVE more (k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM more WHERE k < ?)
      INSERT INTO turn SELECT k FROM more`)
    .run(Math.ceil(size / Math.min(patients, ORGANIZATIONS)));
  for (const [terms, step] of runs) {
    database.exec(`
      INSERT INTO audit_term (term, recorded, seq)
      SELECT term, ${START_MS} + (first + k * ${step}) * ${STEP_MS}, first + k * ${step} + 1
      FROM (${terms} ORDER BY term) CROSS JOIN turn
      WHERE k <= (${size} - 1 - first) / ${step} AND first < ${size}`);
  }
  database.exec(`
    INSERT INTO audit_term (term, recorded, seq)
    SELECT term, recorded, seq FROM name CROSS JOIN audit_entry ORDER BY seq`);
}

/** By what to multiply to undo a multiplication, modulo a number that has no factor with it. */
function inverseOf(factor: number, modulus: number): number {
  let [a, b, x, y] = [factor % modulus, modulus, 1, 0];
  while (b !== 0) [a, b, x, y] = [b, a % b, y, x - Math.floor(a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}
