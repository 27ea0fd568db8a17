import type { IndexSpecification } from 'mongodb';
import type { Connection } from './documents.ts';
import { insertAbsent } from './named-documents.ts';

/** The version of the collections' shapes that this code reads and writes. */
const SCHEMA_VERSION = 1;

/** Everything else is found by `_id`. Equality first, then the log's order, newest first. */
const INDEXES: readonly (readonly ['postings' | 'claims' | 'audit', string, IndexSpecification])[] =
  [
    ['postings', 'by_term', { term: 1, record: 1 }],
    ['claims', 'by_patient', { patient: 1, person: 1, organization: 1, expiresAt: 1 }],
    ['audit', 'by_time', { recorded: -1, entry: -1 }],
    ['audit', 'by_patient', { patient: 1, recorded: -1, entry: -1 }],
    ['audit', 'by_agent', { agent: 1, recorded: -1, entry: -1 }],
    ['audit', 'by_organization', { organization: 1, recorded: -1, entry: -1 }],
    ['audit', 'by_alert', { alertTo: 1, recorded: -1, entry: -1 }],
    ['audit', 'by_entry', { entry: 1 }],
  ];

/**
 * Brings the collections to this code's version; safe to run by several processes at once and again
 * after a crash. Throws a plain Error when a newer version of this software wrote them.
 */
export async function migrate({ collections }: Connection): Promise<void> {
  const { meta } = collections;
  await insertAbsent(meta, [{ _id: 'schema', version: SCHEMA_VERSION }, { _id: 'ping' }]);
  const found = (await meta.findOne({ _id: 'schema' }))?.version;
  if (found !== SCHEMA_VERSION) {
    throw new Error(
      `the database has schema version ${found}, and this server knows ${SCHEMA_VERSION} only: ` +
        'run the version of the server that wrote it, or a newer one',
    );
  }
  // One command for each index: servers differ in what they make of several at once.
  for (const [collection, name, key] of INDEXES) {
    await collections[collection].createIndex(key, { name });
  }
}
