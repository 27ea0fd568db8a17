import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { anAuditEntry } from '../support/records.ts';

/**
 * A process of its own that appends groups of entries to the audit log, several at once, and says
 * so line by line, but only of what was acknowledged. Arguments: database path, number of the first
 * group. Group n holds the entries 3n, 3n + 1 and 3n + 2.
 */
const [path = '', first = '0'] = process.argv.slice(2);
const store = await openSqliteStore(path);
let next = Number(first);

async function append(): Promise<void> {
  for (;;) {
    const group = next;
    next += 1;
    await store.appendAudit([0, 1, 2].map((k) => anAuditEntry(group * 3 + k)));
    writeSync(1, `${group}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, append));
