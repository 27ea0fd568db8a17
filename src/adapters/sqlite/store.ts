import type { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../ports/store.ts';
import { type AuditLog, auditLog } from './audit-log.ts';
import { auditSeals } from './audit-seals.ts';
import { auditSearch } from './audit-search.ts';
import { type AuditWriter, auditWriter } from './audit-writer.ts';
import { type Commits, commits } from './commits.ts';
import { openDatabase } from './database.ts';
import { type Gate, openGate } from './gate.ts';
import { type GroupCommit, groupCommit } from './group-commit.ts';
import { commitOrder, orderWriter } from './record-write.ts';
import { recordTables } from './records.ts';
import { sealing } from './sealing.ts';
import { sealingHere } from './sealing-here.ts';
import { type TurnReads, turnReads } from './turn-reads.ts';
import { type WriteThread, writeThread } from './write-thread.ts';

/**
 * Opens the embedded store: one SQLite file, which several processes may have open at once. Its
 * folder must exist; the file is created when it does not. Rejects with `StoreUnavailable` when the
 * file cannot be opened and written, with a plain error when a newer server wrote it.
 */
export async function openSqliteStore(path: string): Promise<Store> {
  return storeOn(await openDatabase(path));
}

/**
 * The store on a connection that `openDatabase` made; nothing else may use the connection, nor the
 * thread, which is the one for the same database.
 */
export function storeOn(
  database: DatabaseSync,
  thread: WriteThread = writeThread(database.location() ?? ''),
): Store {
  const writes = groupCommit(database, thread.turns);
  const log = auditLog(database);
  const reads = turnReads(database);
  const audit = auditWriter(database, { log, writes, thread });
  const gate = openGate(database, () => audit.close());
  const made = commits(writes, orderWriter(database, log), thread);
  return {
    ...recordOperations(database, gate, { made, reads }),
    ...auditOperations(database, gate, { log, audit, reads }),
    ...sealOperations(database, gate, { log, audit, writes, thread }),
    ...wholeOperations(database, gate, writes),
  };
}

type RecordOperations = Pick<
  Store,
  'currentRecord' | 'recordVersion' | 'fragments' | 'receipt' | 'findByTerm' | 'commit'
>;
type AuditOperations = Pick<Store, 'appendAudit' | 'searchAudit' | 'auditEntry' | 'claims'>;
type SealOperations = Pick<Store, 'sealAudit' | 'seals' | 'sealedEntries'>;

function recordOperations(
  database: DatabaseSync,
  gate: Gate,
  { made, reads }: { readonly made: Commits; readonly reads: TurnReads },
): RecordOperations {
  const records = recordTables(database);
  return {
    currentRecord: (recordId, shown) =>
      gate.run(() => reads.read(() => records.current(recordId, shown))),
    recordVersion: (recordId, version) => gate.run(() => records.version(recordId, version)),
    fragments: (recordId, ids) =>
      gate.run(
        () =>
          records.keptFragments(recordId, ids) ??
          reads.read(() => records.fragments(recordId, ids)),
      ),
    receipt: (recordId, key) => gate.run(() => records.receipt(recordId, key)),
    findByTerm: (range) => gate.run(() => records.findByTerm(range)),
    commit: (commit) =>
      gate.run(async () => {
        const head = records.headText(commit.record);
        const outcome = await made.make(commitOrder(commit, head));
        if (outcome === 'committed') records.committed(commit.record, head);
        return outcome;
      }),
  };
}

/** The ways to the audit log. */
interface AuditWays {
  readonly log: AuditLog;
  readonly audit: AuditWriter;
  readonly reads: TurnReads;
}

function auditOperations(
  database: DatabaseSync,
  gate: Gate,
  { log, audit, reads }: AuditWays,
): AuditOperations {
  const search = auditSearch(database, log);
  return {
    appendAudit: (entries) => gate.run(() => audit.append(entries)),
    searchAudit: (query) => gate.run(() => audit.settle().then(() => search(query))),
    auditEntry: (id) => gate.run(() => audit.settle().then(() => log.entry(id))),
    // Claims never wait in a log file.
    claims: (query) => gate.run(() => reads.read(() => log.claims(query))),
  };
}

/** The ways to its seals. */
interface SealWays {
  readonly log: AuditLog;
  readonly audit: AuditWriter;
  readonly writes: GroupCommit;
  readonly thread: WriteThread;
}

function sealOperations(
  database: DatabaseSync,
  gate: Gate,
  { log, audit, writes, thread }: SealWays,
): SealOperations {
  const seals = auditSeals(database, log);
  const seal = sealing(thread, sealingHere(seals, writes, audit.readSome));
  return {
    sealAudit: (now) => gate.run(() => seal(now)),
    seals: (after) => gate.run(() => seals.after(after)),
    sealedEntries: (of, before) => gate.run(() => seals.entriesOf(of, before)),
  };
}

function wholeOperations(
  database: DatabaseSync,
  gate: Gate,
  writes: GroupCommit,
): Omit<Store, keyof RecordOperations | keyof AuditOperations | keyof SealOperations> {
  const secret = database.prepare('SELECT secret FROM store WHERE one = 1');
  const anyRecord = database.prepare('SELECT EXISTS (SELECT 1 FROM head) AS found');
  const countPing = database.prepare('UPDATE store SET pings = pings + 1 WHERE one = 1');
  return {
    secret: () => gate.run(() => (secret.get() as { secret: Uint8Array }).secret),
    isEmpty: () => gate.run(() => (anyRecord.get() as { found: number }).found === 0),
    // A real write: only that proves that the disk takes one.
    ping: () => gate.run(() => writes.write(() => void countPing.run())),
    close: () => gate.close(),
  };
}
