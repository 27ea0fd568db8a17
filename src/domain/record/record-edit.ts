import type { CareRecord, Entry, Fragment } from './care-record.ts';
import { linkFacts } from './link-facts.ts';
import type { Naming } from './naming.ts';
import type { OdsCode } from './ods-code.ts';
import { Packer } from './pack.ts';
import {
  type Draft,
  type Writing,
  type Written,
  withdrawEntry,
  writeEntry,
} from './write-entry.ts';
import { type Brought, writePresented } from './write-presented.ts';

/** Time and ids, as arguments. */
export interface Making {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly naming: Naming;
  /** Names the rules by which what is written is presented. */
  readonly rules: string;
  freshId(): string;
}

/** What an edit leaves the same, or says anew. */
export type RecordHead = Omit<CareRecord, 'version' | 'committedAt' | 'entries'>;

/** What an edit made of a record. */
export interface EditedRecord {
  readonly record: CareRecord;
  readonly fragments: readonly Fragment[];
  /** The entries that were created, updated or withdrawn. */
  readonly changed: readonly Entry[];
}

/** The next version of a record in the making: the one way in which records change. */
export class RecordEdit {
  readonly #entries: Map<string, Entry>;
  readonly #changed = new Map<string, Entry>();
  readonly #brought = new Map<string, Brought>();
  readonly #packer: Packer;
  readonly #rules: string;
  readonly #writing: Writing;

  /** `organization` is who records what is written. */
  constructor(current: CareRecord | null, organization: OdsCode, making: Making) {
    this.#entries = new Map(current?.entries.map((entry) => [entry.id, entry]));
    this.#packer = new Packer(making.freshId);
    this.#rules = making.rules;
    this.#writing = {
      organization,
      now: new Date(making.now).toISOString(),
      version: (current?.version ?? 0) + 1,
      naming: making.naming,
      packer: this.#packer,
    };
  }

  /** The time of this edit, as an instant. */
  get now(): string {
    return this.#writing.now;
  }

  /** The version of the record that this edit makes. */
  get version(): number {
    return this.#writing.version;
  }

  /** The entry with this id as it is now, withdrawn or not. */
  entry(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** All entries as they are now, withdrawn ones included. */
  entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /**
   * Writes a draft over the entry of its id, if there is one, and says what that came to. `renew`
   * asks for a new version of content that is equal.
   */
  put(draft: Draft, options: { readonly renew?: boolean } = {}): Written['change'] {
    const previous = this.#entries.get(draft.id);
    const written = writeEntry(draft, previous, this.#writing, options.renew ?? false);
    const { entry, change, text } = written;
    this.#entries.set(draft.id, entry);
    this.#brought.set(draft.id, { resource: draft.resource, written: text });
    if (change !== 'unchanged') this.#changed.set(entry.id, entry);
    return change;
  }

  /** Withdraws entries that are there; their last texts stay. */
  withdraw(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      const withdrawn = withdrawEntry(entry, this.#writing);
      this.#entries.set(entry.id, withdrawn);
      this.#changed.set(entry.id, withdrawn);
    }
  }

  /** The next version of the record, with what entries have from one another worked out anew. */
  finish(head: RecordHead): EditedRecord {
    const { version, now } = this.#writing;
    const presenting = { rules: this.#rules, packer: this.#packer, brought: this.#brought };
    const entries = writePresented(linkFacts(this.entries()), presenting);
    const changed = entries.filter((entry) => this.#changed.has(entry.id));
    const record = { ...head, version, committedAt: now, entries };
    return { record, fragments: this.#packer.fragments(), changed };
  }
}
