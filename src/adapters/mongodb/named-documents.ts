import {
  type Collection,
  type Document,
  type Filter,
  MongoBulkWriteError,
  type OptionalUnlessRequiredId,
} from 'mongodb';

const DUPLICATE_KEY = 11000;

interface Named {
  readonly _id: string;
}

/**
 * Inserts those documents whose `_id` is not there yet, and says which these were; what is there
 * stays as it is. Rejects with the driver's error for every other failure, with any part of them
 * inserted.
 */
export async function insertAbsent<T extends Document & Named>(
  collection: Collection<T>,
  documents: readonly T[],
): Promise<ReadonlySet<string>> {
  const inserted = new Set(documents.map((document) => document._id));
  if (documents.length === 0) return inserted;
  try {
    await collection.insertMany(documents as unknown as OptionalUnlessRequiredId<T>[], {
      ordered: false,
    });
  } catch (error) {
    for (const index of duplicates(error, documents.length)) {
      const document = documents[index];
      if (document !== undefined) inserted.delete(document._id);
    }
  }
  return inserted;
}

/**
 * The positions of the documents that were there already; anything else that went wrong is thrown.
 */
function duplicates(error: unknown, sent: number): readonly number[] {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const faults = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  // A lost connection arrives as the same class: each document must be accounted for.
  const accounted = error.result.insertedCount + faults.length === sent;
  const certain = error.result.getWriteConcernError() === undefined;
  if (!accounted || !certain || faults.some((fault) => fault.code !== DUPLICATE_KEY)) throw error;
  return faults.map((fault) => fault.index);
}

/** Deletes by `_id`, one by one in a single command; an id that is not there is passed over. */
export async function deleteNamed<T extends Document & Named>(
  collection: Collection<T>,
  ids: Iterable<string>,
): Promise<void> {
  const deletions = [...ids].map((id) => ({ deleteOne: { filter: { _id: id } as Filter<T> } }));
  if (deletions.length > 0) await collection.bulkWrite(deletions, { ordered: false });
}
