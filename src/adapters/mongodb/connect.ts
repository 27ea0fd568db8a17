import { type Db, MongoClient } from 'mongodb';
import type { Collections, Connection } from './documents.ts';

/** How long the adapter waits for the database, in milliseconds. */
export interface TimeLimits {
  /** For a server that can be written to. */
  readonly selectionMs: number;
  /** For one answer, and for a majority of the replica set to have a write. */
  readonly answerMs: number;
}

export const TIME_LIMITS: TimeLimits = { selectionMs: 5_000, answerMs: 10_000 };

const DATABASE_DEFAULT = 'scr';

/** Connects; rejects with the driver's error when no server answers within the limits. */
export async function connect(url: string, limits: TimeLimits): Promise<Connection> {
  const client = new MongoClient(url, {
    appName: 'scr-server',
    serverSelectionTimeoutMS: limits.selectionMs,
    connectTimeoutMS: limits.selectionMs,
    waitQueueTimeoutMS: limits.answerMs,
    socketTimeoutMS: limits.answerMs,
    readPreference: 'primary',
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority', journal: true, wtimeoutMS: limits.answerMs },
    ignoreUndefined: false,
  });
  try {
    await client.connect();
    const db = client.db(databaseName(url));
    return { client, db, collections: collectionsOf(db), latestRead: await latestRead(db) };
  } catch (error) {
    await client.close();
    throw error;
  }
}

/**
 * Only members of a replica set and routers know linearizable reads, which are the ones that a
 * deposed primary cannot answer; a server that stands alone has nothing to be deposed by.
 */
async function latestRead(db: Db): Promise<Connection['latestRead']> {
  const hello = await db.admin().command({ hello: 1 });
  const several = typeof hello.setName === 'string' || hello.msg === 'isdbgrid';
  return { readConcern: { level: several ? 'linearizable' : 'majority' } };
}

/**
 * The database that the URL names; the driver's own default, `test`, is not where records belong.
 */
function databaseName(url: string): string {
  const named = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(url)?.[1];
  return named === undefined ? DATABASE_DEFAULT : decodeURIComponent(named);
}

function collectionsOf(db: Db): Collections {
  return {
    heads: db.collection('heads'),
    pointers: db.collection('pointers'),
    fragments: db.collection('fragments'),
    postings: db.collection('postings'),
    receipts: db.collection('receipts'),
    audit: db.collection('audit'),
    batches: db.collection('batches'),
    claims: db.collection('claims'),
    seals: db.collection('seals'),
    meta: db.collection('meta'),
  };
}
