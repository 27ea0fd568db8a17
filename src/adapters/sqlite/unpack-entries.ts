import { RECORD_TYPES, type RecordType } from '../../domain/fhir/resource-types.ts';
import type { Entry, PresentedText, TextLocation } from '../../domain/record/care-record.ts';
import type { MedicationFacts } from '../../domain/record/medication-facts.ts';
import { LENGTHS, type PackedEntries, PRESENTED } from './packed-entries.ts';

/** The entries of a record, as they were packed. */
export function unpackEntries(recordId: string, packed: PackedEntries): readonly Entry[] {
  const { versions, digests } = packed;
  const ids = idsOf(recordId, packed);
  const rows = new RowReader(packed, ids);
  return ids.map((id, place) =>
    rows.entry(
      id,
      stretch(versions, place, LENGTHS.version),
      stretch(digests, place, LENGTHS.digest),
    ),
  );
}

function idsOf(recordId: string, { patient, ids }: PackedEntries): readonly string[] {
  const all: string[] = [];
  for (let place = 0; place < ids.length / LENGTHS.ownId; place += 1) {
    all.push(`${recordId}-${stretch(ids, place, LENGTHS.ownId)}`);
  }
  if (patient >= 0) all.splice(patient, 0, recordId);
  return all;
}

function stretch(text: string, place: number, length: number): string {
  return text.slice(place * length, (place + 1) * length);
}

const NONE: readonly string[] = [];

const TYPES: ReadonlyMap<string, RecordType> = new Map(RECORD_TYPES.map((type) => [type, type]));

class RowReader {
  readonly #packed: PackedEntries;
  readonly #ids: readonly string[];
  #at = 0;

  constructor(packed: PackedEntries, ids: readonly string[]) {
    this.#packed = packed;
    this.#ids = ids;
  }

  /** The next entry; what is not in its row is given. */
  entry(id: string, versionId: string, digest: string): Entry {
    const entry: Writable<Entry> = {
      id,
      type: this.#type(),
      recordedBy: this.#word(),
      versionId,
      lastUpdated: this.#word(),
      since: this.#number(),
      withdrawn: this.#number() === 1,
      digest,
      text: this.#text(),
      labels: this.#list(),
      codes: this.#list(),
      refs: this.#references(),
    };
    if (this.#number() === 1) entry.medication = this.#medication();
    const known = this.#number();
    if (known !== PRESENTED.unknown) entry.presented = this.#presented(known);
    const rare = this.#number();
    return rare === 0 ? entry : { ...entry, ...this.#packed.rare[rare - 1] };
  }

  #number(): number {
    const number = this.#packed.rows[this.#at++];
    if (number === undefined) throw new Error('INVARIANT: the rows of a head are whole');
    return number;
  }

  #word(number = this.#number()): string {
    const word = this.#packed.words[number];
    if (word === undefined) throw new Error('INVARIANT: the words of a head are there');
    return word;
  }

  /** The program's own text of it: tables are asked sooner by that than by another one like it. */
  #type(): RecordType {
    const word = this.#word();
    return TYPES.get(word) ?? (word as RecordType);
  }

  #wordOrNull(): string | null {
    const number = this.#number();
    return number === 0 ? null : this.#word(number - 1);
  }

  #list(): readonly string[] {
    const length = this.#number();
    if (length === 0) return NONE;
    const list: string[] = [];
    while (list.length < length) list.push(this.#word());
    return list;
  }

  #references(): readonly string[] {
    const length = this.#number();
    if (length === 0) return NONE;
    const list: string[] = [];
    while (list.length < length) list.push(this.#reference(this.#number()));
    return list;
  }

  #reference(number: number): string {
    if (number % 2 === 1) return this.#word((number - 1) / 2);
    const id = this.#ids[number / 2];
    if (id === undefined) throw new Error('INVARIANT: the entries of a head are there');
    return id;
  }

  #text(): TextLocation {
    return { fragment: this.#word(), start: this.#number(), end: this.#number() };
  }

  #medication(): MedicationFacts {
    return {
      prescription: this.#word() as MedicationFacts['prescription'],
      status: this.#word(),
      start: this.#wordOrNull(),
      end: this.#wordOrNull(),
      issued: this.#wordOrNull(),
    };
  }

  #presented(known: number): PresentedText {
    const rules = this.#word();
    const sources = this.#list();
    if (known === PRESENTED.asStored) return { rules, sources, change: null };
    const change = { from: this.#number(), to: this.#number(), by: this.#text() };
    return { rules, sources, change };
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
