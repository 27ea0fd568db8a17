import { hash } from 'node:crypto';
import type { AuditEntry, AuditPosition } from '../../domain/audit/entry.ts';
import { NO_SEAL, SEALED_MAX, type Seal, type Sha256, sealOn } from '../../domain/audit/seal.ts';
import { SEALS_PAGE, UNSEALED_MS_MAX } from '../../ports/store.ts';
import type { AuditReader } from './audit-query.ts';
import type { Collections, SealDocument } from './documents.ts';
import { insertAbsent } from './named-documents.ts';

const NUMBER_DIGITS = 12;

const sha256: Sha256 = (text) => hash('sha256', text, 'hex');

/**
 * Seals on the log in the order of its time, as nothing else orders what several processes append.
 * So an entry is sealed only when none can come any more that is older.
 */
export class Seals {
  readonly #collections: Collections;
  readonly #reader: AuditReader;

  constructor(collections: Collections, reader: AuditReader) {
    this.#collections = collections;
    this.#reader = reader;
  }

  /** Seals what is old enough; whoever inserts the next number first has sealed. */
  async seal(now: number): Promise<Seal | null> {
    const before = await this.#newest();
    const { entries } = await this.#reader.search({
      ...behind(before),
      before: instant(now - UNSEALED_MS_MAX),
      limit: SEALED_MAX,
    });
    const last = entries.at(-1);
    if (last === undefined) return null;
    const place = { at: instant(now), upTo: placeText(last) };
    const seal = sealOn(entries, place, before ?? NO_SEAL, sha256);
    const document = { _id: idOf(seal.number), seal: JSON.stringify(seal) };
    const inserted = await insertAbsent(this.#collections.seals, [document]);
    return inserted.has(document._id) ? seal : null;
  }

  async after(number: number): Promise<readonly Seal[]> {
    const filter = { _id: { $gt: idOf(number) } };
    const found = this.#collections.seals.find(filter).sort({ _id: 1 }).limit(SEALS_PAGE);
    return (await found.toArray()).map(parseSeal);
  }

  /** The entries between the places of two seals. */
  async entriesOf(seal: Seal, before: Seal | null): Promise<readonly AuditEntry[]> {
    const last = placeOf(seal);
    const { entries } = await this.#reader.search({
      ...behind(before),
      before: instant(Date.parse(last.recorded) + 1),
      // Whoever put more between them than fits is told of too many as well.
      limit: SEALED_MAX + 1,
    });
    return entries.filter(({ recorded, id }) => recorded < last.recorded || id <= last.id);
  }

  async #newest(): Promise<Seal | null> {
    const found = await this.#collections.seals.findOne({}, { sort: { _id: -1 } });
    return found === null ? null : parseSeal(found);
  }
}

function behind(seal: Seal | null): { readonly oldestFirst: true; readonly after?: AuditPosition } {
  return seal === null ? { oldestFirst: true } : { oldestFirst: true, after: placeOf(seal) };
}

function placeText({ recorded, id }: AuditPosition): string {
  return `${recorded}|${id}`;
}

function placeOf({ upTo }: Seal): AuditPosition {
  const [recorded = '', id = ''] = upTo.split('|');
  return { recorded, id };
}

function idOf(number: number): string {
  return String(number).padStart(NUMBER_DIGITS, '0');
}

function parseSeal({ seal }: SealDocument): Seal {
  return JSON.parse(seal) as Seal;
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
