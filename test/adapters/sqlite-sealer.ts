import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { anAuditEntry } from '../support/records.ts';

/**
 * A process of its own that appends to the audit log and seals it all the time, and says each seal
 * that it made, as `number:hash`. Arguments: database path, number of the first entry.
 */
const [path = '', first = '0'] = process.argv.slice(2);
const store = await openSqliteStore(path);
let next = Number(first);

async function append(): Promise<void> {
  for (;;) {
    await store.appendAudit([anAuditEntry(next++)]);
    await setTimeout(1);
  }
}

async function seal(): Promise<void> {
  for (;;) {
    const made = await store.sealAudit(Date.now());
    if (made !== null) writeSync(1, `${made.number}:${made.hash}\n`);
  }
}

await Promise.all([append(), append(), append(), append(), seal()]);
