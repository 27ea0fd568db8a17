import type { DatabaseSync } from 'node:sqlite';
import type { Claim, ClaimQuery } from '../../domain/access/claim.ts';
import type { AuditEntry } from '../../domain/audit/entry.ts';
import { packAsJson } from './audit-pack.ts';
import type { FindValue, LinkedValue, PackedEntry } from './audit-packed.ts';
import { type FoundBy, termNumber, termsOf } from './audit-terms.ts';
import { foundBy, unpackEntry } from './audit-unpack.ts';
import { auditValues, parsedValue } from './audit-values.ts';
import { instant } from './instant.ts';
import { SQL } from './statements.ts';

/** The tables of the audit log. Nothing here waits: writes run inside the caller's transaction. */
export interface AuditLog {
  append(entries: readonly PackedEntry[]): void;
  /** Takes over entries from a log file; one that is there already stays. */
  index(entries: readonly PackedEntry[]): void;
  entry(id: string): AuditEntry | null;
  claims(query: ClaimQuery): readonly Claim[];
  /** What a row of the log says. */
  read(row: AuditRow): AuditEntry;
}

/** A row of the log as it is stored. */
export interface AuditRow {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly recorded: number;
  readonly entry: Uint8Array;
}

type Posting = readonly [term: number, recorded: number, seq: number];

/** Prepares the statements over the audit log. */
export function auditLog(database: DatabaseSync): AuditLog {
  const entry = database.prepare(SQL.auditEntry);
  const claims = database.prepare(SQL.claims);
  const values = auditValues(database);

  function read({ id, recorded, entry }: AuditRow): AuditEntry {
    return unpackEntry({ id, recorded, bytes: entry }, values.find);
  }

  return {
    ...auditWrites(database, values.keep),
    read,
    entry(id) {
      const row = entry.get(id) as unknown as AuditRow | undefined;
      return row === undefined ? null : read(row);
    },
    claims({ patient, person, organization, activeAt }) {
      const rows = claims.all(patient, person, organization, instant(activeAt));
      return rows.map((row) => claimOf(read(row as unknown as AuditRow)));
    },
  };
}

function auditWrites(
  database: DatabaseSync,
  keep: ReturnType<typeof auditValues>['keep'],
): Pick<AuditLog, 'append' | 'index'> {
  const insertEntry = database.prepare(SQL.insertAudit);
  const insertEntryOnce = database.prepare(`${SQL.insertAudit} ON CONFLICT (id) DO NOTHING`);
  const insertPosting = database.prepare(SQL.insertPosting);
  const insertClaim = database.prepare(SQL.insertClaim);

  function insert(
    insertion: typeof insertEntry,
    entry: PackedEntry,
    isKept: (value: LinkedValue) => boolean,
  ): readonly Posting[] {
    const { id, recorded, bytes } = entry.values.every(isKept) ? entry : withoutLinks(entry);
    const { changes, lastInsertRowid } = insertion.run(id, recorded, bytes);
    if (changes === 0) return [];
    const seq = Number(lastInsertRowid);
    const facts = foundBy(entry.bytes, ownValues(entry)) ?? rare(entry, seq);
    return termsOf(facts).map((term) => [termNumber(term), recorded, seq]);
  }

  /** What an entry with more than its parts is found by; it may be a claim. */
  function rare(packed: PackedEntry, seq: number): FoundBy {
    const entry = unpackEntry(packed, ownValues(packed));
    if (entry.claim === null) return entry;
    const { patient, person, organization, expiresAt } = entry.claim;
    insertClaim.run(patient, person, organization, instant(expiresAt), seq);
    return entry;
  }

  function insertAll(insertion: typeof insertEntry, entries: readonly PackedEntry[]): void {
    const isKept = keptOnce(keep);
    const postings = entries.flatMap((entry) => insert(insertion, entry, isKept));
    // In the index's order: neighbours are written to a page while it is at hand.
    for (const posting of postings.sort(byPlace)) insertPosting.run(...posting);
  }

  return {
    append: (entries) => insertAll(insertEntry, entries),
    index: (entries) => insertAll(insertEntryOnce, entries),
  };
}

/** What an entry links to came with it. */
function ownValues({ values }: PackedEntry): FindValue {
  return (link) => {
    const linked = values.find((each) => each.link === link);
    return linked && parsedValue(linked.value);
  };
}

/** An entry whose values cannot be kept, as others have their links. */
function withoutLinks(entry: PackedEntry): PackedEntry {
  return packAsJson(unpackEntry(entry, ownValues(entry)));
}

/**
 * Keeps each value of one transaction once: what is kept in it is there for the rest of it, and
 * goes with it when it is rolled back.
 */
function keptOnce(keep: (value: LinkedValue) => boolean): (value: LinkedValue) => boolean {
  const kept = new Map<number, string>();
  return (value) => {
    if (kept.get(value.link) === value.value) return true;
    if (!keep(value)) return false;
    kept.set(value.link, value.value);
    return true;
  };
}

function byPlace(a: Posting, b: Posting): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

function claimOf({ claim }: AuditEntry): Claim {
  if (claim === null) throw new Error('INVARIANT: only entries with a claim are in its index');
  return claim;
}
