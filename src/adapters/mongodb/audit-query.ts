import type { Filter, Sort } from 'mongodb';
import type { Claim, ClaimQuery } from '../../domain/access/claim.ts';
import type { AuditEntry, AuditPage, AuditPosition, AuditQuery } from '../../domain/audit/entry.ts';
import type { AuditDocument, Collections, Proof } from './documents.ts';
import type { Proofs } from './proofs.ts';

/** Reads the audit log. */
export class AuditReader {
  readonly #collections: Collections;
  readonly #proofs: Proofs;

  constructor(collections: Collections, proofs: Proofs) {
    this.#collections = collections;
    this.#proofs = proofs;
  }

  /**
   * A page, in the order asked for. What was written together is seen together: documents count
   * only when their proof was known to stand before the query that found them began, since only
   * then had all of them been written. So a query that meets proofs not asked for yet is made again
   * after asking.
   */
  async search(query: AuditQuery): Promise<AuditPage> {
    const asked = new Map<string, boolean>();
    for (;;) {
      const { found, doubts } = await this.#query(query, asked);
      if (doubts.size === 0) {
        const entries = found.slice(0, query.limit).map(parseEntry);
        return { entries, more: found.length > query.limit };
      }
      const answers = [...doubts].map(async ([nonce, proof]) => {
        asked.set(nonce, await this.#proofs.stands(proof));
      });
      await Promise.all(answers);
    }
  }

  /** The entry with this id, or null. */
  async entry(id: string): Promise<AuditEntry | null> {
    const { audit } = this.#collections;
    const named = await audit.findOne({ _id: id });
    const [first] = await this.#standing(named === null ? [] : [named]);
    if (first !== undefined) return parseEntry(first);
    const [beside] = await this.#standing(await audit.find({ entry: id }).toArray());
    return beside === undefined ? null : parseEntry(beside);
  }

  /** The claims that have not expired. */
  async claims({ patient, person, organization, activeAt }: ClaimQuery): Promise<Claim[]> {
    const filter = { patient, person, organization, expiresAt: { $gt: activeAt } };
    const found = await this.#collections.claims.find(filter).toArray();
    const standing = await this.#standing(found);
    return standing.map(({ text }) => JSON.parse(text) as Claim);
  }

  /** Up to one more than the page holds, or fewer and the proofs that are in doubt. */
  async #query(query: AuditQuery, asked: ReadonlyMap<string, boolean>): Promise<Found> {
    const wanted = query.limit + 1;
    const found: AuditDocument[] = [];
    const doubts = new Map<string, Proof>();
    const asOf = this.#proofs.now();
    const cursor = this.#collections.audit
      .find(filterOf(query))
      .sort(orderOf(query))
      .batchSize(wanted);
    // Leaving the loop closes the cursor.
    for await (const document of cursor) {
      const { proof } = document;
      const known = proof === null || this.#proofs.knows(proof, asOf) || asked.get(proof.nonce);
      if (known === true) found.push(document);
      else if (known === undefined && proof !== null) doubts.set(proof.nonce, proof);
      if (found.length + doubts.size === wanted) break;
    }
    return { found, doubts };
  }

  async #standing<T extends { readonly proof: Proof | null }>(found: readonly T[]): Promise<T[]> {
    const stand = await Promise.all(
      found.map(({ proof }) => proof === null || this.#proofs.stands(proof)),
    );
    return found.filter((_, n) => stand[n]);
  }
}

/** What a query met: entries that count, and proofs that nobody has asked for yet. */
interface Found {
  readonly found: readonly AuditDocument[];
  readonly doubts: ReadonlyMap<string, Proof>;
}

/** The query in the database's words; every value is a plain string, compared byte by byte. */
function filterOf(query: AuditQuery): Filter<AuditDocument> {
  const conditions: Filter<AuditDocument>[] = [
    ...anyOf('patient', query.patients),
    ...anyOf('agent', query.agents),
    ...anyOf('organization', query.organizations),
    ...anyOf('action', query.actions),
    ...anyOf('outcome', query.outcomes),
    ...anyOf('names', query.entityNames),
  ];
  if (query.alertsTo !== undefined) conditions.push({ alertTo: query.alertsTo });
  if (query.from !== undefined) conditions.push({ recorded: { $gte: query.from } });
  if (query.before !== undefined) conditions.push({ recorded: { $lt: query.before } });
  if (query.after !== undefined) {
    conditions.push(...behind(query.after, query.oldestFirst === true));
  }
  return conditions.length === 0 ? {} : { $and: conditions };
}

function orderOf({ oldestFirst }: AuditQuery): Sort {
  return oldestFirst ? { recorded: 1, entry: 1 } : { recorded: -1, entry: -1 };
}

/** What comes after a place in the order asked for. */
function behind({ recorded, id }: AuditPosition, isRising: boolean): Filter<AuditDocument>[] {
  return isRising
    ? [
        { recorded: { $gte: recorded } },
        { $or: [{ recorded: { $gt: recorded } }, { entry: { $gt: id } }] },
      ]
    : [
        { recorded: { $lte: recorded } },
        { $or: [{ recorded: { $lt: recorded } }, { entry: { $lt: id } }] },
      ];
}

function anyOf(
  field: 'patient' | 'agent' | 'organization' | 'action' | 'outcome' | 'names',
  values: readonly string[] | undefined,
): Filter<AuditDocument>[] {
  return values === undefined ? [] : [{ [field]: { $in: values } }];
}

function parseEntry({ text }: AuditDocument): AuditEntry {
  return JSON.parse(text) as AuditEntry;
}
