import type { Entry } from '../../domain/record/care-record.ts';

/**
 * How the entries of a record stand in the text of its head: less than half of their JSON, and read
 * in less than half of the time. What has one length for all entries stands end to end in one text;
 * every other text is there once (`words`), and is meant by its number in the rows, which follow
 * each other in one list. What few entries have is kept as JSON (`rare`). The form is never
 * changed; a change is another form.
 */
export interface PackedEntries {
  readonly words: readonly string[];
  readonly rare: readonly RareFacts[];
  /** The place of the Patient, whose id is the record's; -1 where it is not among them. */
  readonly patient: number;
  /** Of each other entry, its id without the record's, which it begins with. */
  readonly ids: string;
  readonly versions: string;
  readonly digests: string;
  readonly rows: readonly number[];
}

/** What a row has no numbers for. */
export type RareFacts = Pick<Entry, 'tellsOf' | 'plan' | 'choice' | 'stated'>;

/** The lengths that ids and digests have here; entries with others are not packed. */
export const LENGTHS = { ownId: 24, version: 16, digest: 32 } as const;

/** What of a presented form is known. */
export const PRESENTED = { unknown: 0, asStored: 1, changed: 2 } as const;
