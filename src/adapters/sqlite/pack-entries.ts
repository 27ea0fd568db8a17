import type { Entry, PresentedText, TextLocation } from '../../domain/record/care-record.ts';
import type { MedicationFacts } from '../../domain/record/medication-facts.ts';
import { LENGTHS, type PackedEntries, PRESENTED, type RareFacts } from './packed-entries.ts';

/** Packs the entries of a record; null where that form could not give them back. */
export function packEntries(recordId: string, entries: readonly Entry[]): PackedEntries | null {
  const prefix = `${recordId}-`;
  if (!entries.every((entry) => isRegular(prefix, recordId, entry))) return null;
  const rows = new RowWriter(entries);
  let [ids, versions, digests] = ['', '', ''];
  for (const entry of entries) {
    rows.add(entry);
    ids += entry.id.slice(prefix.length);
    versions += entry.versionId;
    digests += entry.digest;
  }
  const patient = entries.findIndex(({ id }) => id === recordId);
  return { words: rows.words(), rare: rows.rare, patient, ids, versions, digests, rows: rows.rows };
}

function isRegular(prefix: string, recordId: string, entry: Entry): boolean {
  const { id, versionId, digest } = entry;
  const isOwn = id.length === prefix.length + LENGTHS.ownId && id.startsWith(prefix);
  if (!isOwn && id !== recordId) return false;
  return versionId.length === LENGTHS.version && digest.length === LENGTHS.digest;
}

class RowWriter {
  readonly rare: RareFacts[] = [];
  readonly rows: number[] = [];
  readonly #words = new Map<string, number>();
  readonly #places: ReadonlyMap<string, number>;

  constructor(entries: readonly Entry[]) {
    this.#places = new Map(entries.map(({ id }, place) => [id, place]));
  }

  words(): readonly string[] {
    return [...this.#words.keys()];
  }

  add(entry: Entry): void {
    const { type, recordedBy, lastUpdated, since, withdrawn } = entry;
    this.rows.push(this.#word(type), this.#word(recordedBy), this.#word(lastUpdated));
    this.rows.push(since, withdrawn ? 1 : 0);
    this.#text(entry.text);
    this.#list(entry.labels);
    this.#list(entry.codes);
    this.#references(entry.refs);
    this.#medication(entry.medication);
    this.#presented(entry.presented);
    this.#rarely(entry);
  }

  #word(text: string): number {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    const number = this.#words.size;
    this.#words.set(text, number);
    return number;
  }

  /** 0 where there is none. */
  #wordOrNull(text: string | null): number {
    return text === null ? 0 : this.#word(text) + 1;
  }

  #list(texts: readonly string[]): void {
    this.rows.push(texts.length);
    for (const text of texts) this.rows.push(this.#word(text));
  }

  /** An entry of the record by its place, anything else as a word: even and odd. */
  #references(ids: readonly string[]): void {
    this.rows.push(ids.length);
    for (const id of ids) {
      const place = this.#places.get(id);
      this.rows.push(place === undefined ? this.#word(id) * 2 + 1 : place * 2);
    }
  }

  #text({ fragment, start, end }: TextLocation): void {
    this.rows.push(this.#word(fragment), start, end);
  }

  #medication(facts: MedicationFacts | undefined): void {
    this.rows.push(facts === undefined ? 0 : 1);
    if (facts === undefined) return;
    const { prescription, status, start, end, issued } = facts;
    this.rows.push(this.#word(prescription), this.#word(status));
    this.rows.push(this.#wordOrNull(start), this.#wordOrNull(end), this.#wordOrNull(issued));
  }

  #presented(presented: PresentedText | undefined): void {
    if (presented === undefined) {
      this.rows.push(PRESENTED.unknown);
      return;
    }
    const { rules, sources, change } = presented;
    this.rows.push(change === null ? PRESENTED.asStored : PRESENTED.changed, this.#word(rules));
    this.#list(sources);
    if (change === null) return;
    this.rows.push(change.from, change.to);
    this.#text(change.by);
  }

  #rarely({ tellsOf, plan, choice, stated }: Entry): void {
    const facts = { tellsOf, plan, choice, stated } satisfies EveryRareFact;
    const isThere = Object.values(facts).some((each) => each !== undefined);
    this.rows.push(isThere ? this.rare.length + 1 : 0);
    // As JSON, what is undefined is not there.
    if (isThere) this.rare.push(facts as RareFacts);
  }
}

type EveryRareFact = { readonly [K in keyof Required<RareFacts>]: RareFacts[K] | undefined };
