import type { Collection } from 'mongodb';
import type { AuditDocument } from './documents.ts';
import { insertAbsent } from './named-documents.ts';
import { freshNonce } from './nonce.ts';

type Insert = (documents: readonly AuditDocument[]) => Promise<ReadonlySet<string>>;

/**
 * Inserts audit entries, each under its own id so that one look-up finds it; where an attempt that
 * failed left a document of that id behind, beside it under another. Answers with the `_id`s
 * inserted.
 */
export async function insertEntries(
  collection: Collection<AuditDocument>,
  documents: readonly AuditDocument[],
  insert: Insert = (some) => insertAbsent(collection, some),
): Promise<ReadonlySet<string>> {
  const inserted = await insert(documents);
  const refused = documents.filter(({ _id }) => !inserted.has(_id));
  if (refused.length === 0) return inserted;
  const beside = await Promise.all(refused.map((document) => besideOther(collection, document)));
  return new Set([...inserted, ...(await insertAbsent(collection, beside.flat()))]);
}

/**
 * Nothing when the document that is there is this one: the driver sends again what it got no answer
 * to.
 */
async function besideOther(
  collection: Collection<AuditDocument>,
  document: AuditDocument,
): Promise<AuditDocument[]> {
  const there = await collection.findOne({ _id: document._id });
  const same = there?.text === document.text;
  if (same && there?.proof?.nonce === document.proof?.nonce) return [];
  return [{ ...document, _id: `${document._id}:${freshNonce()}` }];
}
