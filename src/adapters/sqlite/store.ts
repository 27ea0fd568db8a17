import type { DatabaseSync } from 'node:sqlite';
import type { Store } from '../../ports/store.ts';
import { auditLog } from './audit-log.ts';
import { auditSearch } from './audit-search.ts';
import { openDatabase } from './database.ts';
import { type Gate, openGate } from './gate.ts';
import { groupCommit } from './group-commit.ts';
import { recordTables } from './records.ts';

/**
 * Opens the embedded store: one SQLite file, which several processes may have open at once. Its
 * folder must exist; the file is created when it does not. Rejects with `StoreUnavailable` when the
 * file cannot be opened and written, with a plain error when a newer server wrote it.
 */
export async function openSqliteStore(path: string): Promise<Store> {
  return storeOn(await openDatabase(path));
}

/** The store on a connection that `openDatabase` made; nothing else may use the connection. */
export function storeOn(database: DatabaseSync): Store {
  const gate = openGate(database);
  return { ...contentOperations(database, gate), ...wholeOperations(database, gate) };
}

type WholeOperations = Pick<Store, 'secret' | 'isEmpty' | 'close'>;

function contentOperations(database: DatabaseSync, gate: Gate): Omit<Store, keyof WholeOperations> {
  const records = recordTables(database);
  const log = auditLog(database);
  const search = auditSearch(database);
  const writes = groupCommit(database);
  const countPing = database.prepare('UPDATE store SET pings = pings + 1 WHERE one = 1');
  return {
    currentRecord: (recordId) => gate.run(() => records.current(recordId)),
    recordVersion: (recordId, version) => gate.run(() => records.version(recordId, version)),
    fragments: (recordId, ids) => gate.run(() => records.fragments(recordId, ids)),
    receipt: (recordId, key) => gate.run(() => records.receipt(recordId, key)),
    findByTerm: (range) => gate.run(() => records.findByTerm(range)),
    auditEntry: (id) => gate.run(() => log.entry(id)),
    claims: (query) => gate.run(() => log.claims(query)),
    searchAudit: (query) => gate.run(() => search(query)),
    commit: (commit) =>
      gate.run(() => {
        // Outside the transaction, which should be short: others wait for it.
        const head = JSON.stringify(commit.record);
        return writes.write(() => {
          const outcome = records.write(commit, head);
          if (outcome === 'committed') log.append(commit.audit);
          return outcome;
        });
      }),
    appendAudit: (entries) => gate.run(() => writes.write(() => log.append(entries))),
    // A real write: only that proves that the disk takes one.
    ping: () => gate.run(() => writes.write(() => void countPing.run())),
  };
}

function wholeOperations(database: DatabaseSync, gate: Gate): WholeOperations {
  const secret = database.prepare('SELECT secret FROM store WHERE one = 1');
  const anyRecord = database.prepare('SELECT EXISTS (SELECT 1 FROM head) AS found');
  return {
    secret: () => gate.run(() => (secret.get() as { secret: Uint8Array }).secret),
    isEmpty: () => gate.run(() => (anyRecord.get() as { found: number }).found === 0),
    close: () => gate.close(),
  };
}
