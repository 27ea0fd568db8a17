import { randomBytes } from 'node:crypto';
import { Binary } from 'mongodb';
import type { Receipt } from '../../domain/record/receipt.ts';
import type { Store } from '../../ports/store.ts';
import { AuditLog } from './audit-log.ts';
import { AuditReader } from './audit-query.ts';
import { commitRecord } from './commit.ts';
import { connect, TIME_LIMITS, type TimeLimits } from './connect.ts';
import type { Collections, Connection } from './documents.ts';
import { receiptId } from './draft.ts';
import { findByTerm } from './find-by-term.ts';
import { Fragments } from './fragments.ts';
import { asUnavailable, Gate } from './gate.ts';
import { Heads } from './heads.ts';
import { migrate } from './indexes.ts';
import { insertAbsent } from './named-documents.ts';
import { freshNonce } from './nonce.ts';
import { Proofs } from './proofs.ts';
import { Seals } from './seals.ts';
import { Turns } from './turns.ts';

const SECRET_BYTES = 32;

/**
 * Opens the store in a MongoDB database (`mongodb://host/database`), and makes or migrates its
 * collections. Rejects with `StoreUnavailable` when no server answers, with a plain Error when a
 * newer version of this software wrote the database.
 */
export async function openMongoStore(
  url: string,
  limits: TimeLimits = TIME_LIMITS,
): Promise<Store> {
  try {
    const connection = await connect(url, limits);
    await migrate(connection).catch(async (error: unknown) => {
      await connection.client.close();
      throw error;
    });
    return storeOn(connection);
  } catch (error) {
    throw asUnavailable(error);
  }
}

function storeOn(connection: Connection): Store {
  const { client, collections } = connection;
  const gate = new Gate();
  const through: Gate['through'] = (work) => gate.through(work);
  const turns = new Turns();
  const heads = new Heads(connection);
  const proofs = new Proofs(collections);
  const fragments = new Fragments(collections);
  const log = new AuditLog(collections, proofs);
  const reader = new AuditReader(collections, proofs);
  const seals = new Seals(collections, reader);
  return {
    currentRecord: (id) => through(async () => (await heads.latest(id))?.record ?? null),
    recordVersion: (id, version) =>
      through(async () => (await heads.version(id, version))?.record ?? null),
    fragments: (recordId, ids) => through(() => fragments.read(recordId, ids)),
    // Writers of one record in this process wait for each other here, not in the database.
    commit: (commit) =>
      through(() =>
        turns.take(commit.record.id, () => commitRecord(connection, heads, proofs, commit)),
      ),
    receipt: (recordId, key) => through(() => receipt(collections, heads, recordId, key)),
    findByTerm: (range) => through(() => findByTerm(collections, heads, range)),
    appendAudit: (entries) => through(() => log.append(entries)),
    searchAudit: (query) => through(() => reader.search(query)),
    auditEntry: (id) => through(() => reader.entry(id)),
    claims: (query) => through(() => reader.claims(query)),
    sealAudit: (now) => through(() => seals.seal(now)),
    seals: (after) => through(() => seals.after(after)),
    sealedEntries: (seal, before) => through(() => seals.entriesOf(seal, before)),
    secret: () => through(() => secret(collections)),
    ping: () => through(() => ping(collections)),
    isEmpty: () => through(() => isEmpty(collections)),
    async close() {
      await gate.close();
      await client.close();
    },
  };
}

/** A receipt is in the current head, or a later writer has moved it before writing its own head. */
async function receipt(
  { receipts }: Collections,
  heads: Heads,
  recordId: string,
  key: string,
): Promise<Receipt | null> {
  const current = (await heads.latest(recordId))?.receipt ?? null;
  if (current?.key === key) return current;
  const moved = await receipts.findOne({ _id: receiptId(recordId, key) });
  return moved === null ? null : (JSON.parse(moved.receipt) as Receipt);
}

async function secret({ meta }: Collections): Promise<Uint8Array> {
  await insertAbsent(meta, [{ _id: 'secret', bytes: new Binary(randomBytes(SECRET_BYTES)) }]);
  const bytes = (await meta.findOne({ _id: 'secret' }))?.bytes?.value();
  if (bytes?.length !== SECRET_BYTES) throw new Error('INVARIANT: the secret is there, and whole');
  return bytes;
}

async function ping({ meta }: Collections): Promise<void> {
  await meta.updateOne({ _id: 'ping' }, { $set: { at: freshNonce() } });
}

async function isEmpty({ heads }: Collections): Promise<boolean> {
  return (await heads.findOne({}, { projection: { _id: 1 } })) === null;
}
