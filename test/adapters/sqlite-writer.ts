import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../src/adapters/sqlite/store.ts';
import { aCommit, aFragment, anAuditEntry, aRecord, recordId } from '../support/records.ts';
import { openApart } from './sqlite-apart.ts';

/**
 * A process of its own that commits to `recordId(1)`, and says so line by line, but only of what
 * was acknowledged. Arguments: database path, name of the writer, how many commits to make, and by
 * which thread of its: `here` or `apart`.
 */
const [path = '', name = '', count = '0', by = 'here'] = process.argv.slice(2);
const store = by === 'apart' ? (await openApart(path)).store : await openSqliteStore(path);
for (let made = 0; made < Number(count); ) {
  const version = ((await store.currentRecord(recordId(1)))?.version ?? 0) + 1;
  const commit = aCommit(aRecord({ version, practice: name }), {
    fragments: [aFragment(`${version}`, `${name} ${version}`)],
    audit: [anAuditEntry(version, { entities: [name] })],
  });
  if ((await store.commit(commit)) === 'committed') {
    writeSync(1, `${version} ${name}\n`);
    made += 1;
  }
}
await store.close();
