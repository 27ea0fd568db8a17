import type { DatabaseSync } from 'node:sqlite';
import { repackAudit } from './audit-repack.ts';

/** What brings a database from one version to the next, inside a transaction. */
export type Migration = string | ((database: DatabaseSync) => void);

/**
 * The schema, as the steps that lead to it: step n brings a database from version n to n + 1
 * (`user_version`). A step that was released is never edited; a change is a new step.
 *
 * Why it looks like this:
 * - `head` has a rowid, so that its key index holds no JSON: finding the latest version of a record
 *   is one seek in that index and reads no head. Older rows are the history.
 * - `audit_term` is one inverted index for all that a search can ask of the log: what is found is a
 *   walk along one term, in time order, whichever field it is. A column index for each field would
 *   cost as much to write, and could not hold an entry that has several names.
 * - An entry is packed (`audit-pack.ts`), and a term is a number (`audit-terms.ts`): with tens of
 *   millions of entries it is memory that decides how fast they are found, so less is faster.
 * - Times in indexes are epoch milliseconds and the entry is meant by its number (`seq`): ISO text
 *   and UUIDs in each index would double its size. Entries of one millisecond are sorted when read.
 * - `audit_file` says how far each log file (`audit-file.ts`) was read; AUTOINCREMENT, so that no
 *   number is given twice.
 * - Tables whose rows are all key are WITHOUT ROWID: one tree to write, not two.
 */
export const MIGRATIONS: readonly Migration[] = [
  `
  CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    secret BLOB NOT NULL CHECK (length(secret) = 32),
    pings INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE head (
    record_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (record_id, version)
  ) STRICT;

  CREATE TABLE fragment (
    record_id TEXT NOT NULL,
    id TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (record_id, id)
  ) STRICT;

  CREATE TABLE receipt (
    record_id TEXT NOT NULL,
    key TEXT NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (record_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE term (
    term TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (term, record_id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    recorded INTEGER NOT NULL,
    entry TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (recorded);

  CREATE TABLE audit_posting (
    term TEXT NOT NULL,
    recorded INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (term, recorded, seq)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE claim (
    patient TEXT NOT NULL,
    person TEXT NOT NULL,
    organization TEXT NOT NULL,
    expires INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (patient, person, organization, expires, seq)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE audit_file (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    indexed INTEGER NOT NULL,
    ended INTEGER NOT NULL CHECK (ended IN (0, 1))
  ) STRICT;
  `,
  `
  CREATE TABLE audit_value (
    link INTEGER PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE audit_entry (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    recorded INTEGER NOT NULL,
    entry BLOB NOT NULL
  ) STRICT;
  CREATE INDEX audit_entry_by_time ON audit_entry (recorded);

  CREATE TABLE audit_term (
    term INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (term, recorded, seq)
  ) STRICT, WITHOUT ROWID;
  `,
  repackAudit,
  // From here on a head may name the version that holds its entries (`head-text.ts`): servers that
  // do not know of it must not open the database.
  '-- nothing to change',
  // From here on a head's entries may be packed (`packed-entries.ts`), and what they say of their
  // presented form is among them. Heads of before are read as they are.
  '-- nothing to change',
  // `up_to` is the number (`seq`) of the last entry that a seal covers.
  `
  CREATE TABLE audit_seal (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    up_to INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    content TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  `,
];
