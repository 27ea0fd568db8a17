import { sha256 } from '../../src/adapters/system/sha256.ts';
import type { Claim } from '../../src/domain/access/claim.ts';
import type { AuditEntry, AuditPosition, AuditQuery } from '../../src/domain/audit/entry.ts';
import { NO_SEAL, SEALED_MAX, type Seal, sealOn } from '../../src/domain/audit/seal.ts';
import type { CareRecord } from '../../src/domain/record/care-record.ts';
import type { TermHit } from '../../src/domain/record/demographic-terms.ts';
import type { Receipt } from '../../src/domain/record/receipt.ts';
import type { RecordCommit } from '../../src/ports/record-commit.ts';
import { SEALS_PAGE, type Store, StoreUnavailable } from '../../src/ports/store.ts';

/** What a memory store holds: several stores may be open on it, as processes are on a database. */
export interface Memory {
  /** Versions of each record, the first one first, as JSON: nobody can change what was stored. */
  readonly heads: Map<string, string[]>;
  readonly fragments: Map<string, Uint8Array>;
  readonly receipts: Map<string, string>;
  readonly terms: Set<string>;
  readonly audit: Map<string, AuditEntry>;
  readonly seals: Seal[];
  readonly secret: Uint8Array;
}

/** Memory in which nothing was ever written. */
export function emptyMemory(secret: Uint8Array): Memory {
  return {
    heads: new Map(),
    fragments: new Map(),
    receipts: new Map(),
    terms: new Set(),
    audit: new Map(),
    seals: [],
    secret,
  };
}

/**
 * A store without a disk, for tests that need thousands of them; it keeps the store's contract but
 * for durability (`memory-store.test.ts` runs the contract suite on it).
 */
export function memoryStore(memory: Memory): Store {
  let closed = false;
  const guarded =
    <A extends readonly unknown[], T>(work: (...given: A) => T) =>
    async (...given: A): Promise<T> => {
      if (closed) throw new StoreUnavailable(new Error('the store was closed'));
      return work(...given);
    };
  return {
    currentRecord: guarded((id: string) => headAt(memory, id, memory.heads.get(id)?.length ?? 0)),
    recordVersion: guarded((id: string, version: number) => headAt(memory, id, version)),
    fragments: guarded((id: string, ids: readonly string[]) => fragmentsOf(memory, id, ids)),
    commit: guarded((commit: RecordCommit) => commitTo(memory, commit)),
    receipt: guarded((id: string, key: string) => {
      const found = memory.receipts.get(`${id} ${key}`);
      return found === undefined ? null : (JSON.parse(found) as Receipt);
    }),
    findByTerm: guarded(({ from, to, after, limit }) => {
      const found = sortedHits(memory).filter(
        (hit) =>
          bytewise(hit.term, from) >= 0 &&
          bytewise(hit.term, to) < 0 &&
          (after === null || compareHits(hit, after) > 0),
      );
      return { hits: found.slice(0, limit), more: found.length > limit };
    }),
    appendAudit: guarded((entries: readonly AuditEntry[]) => append(memory, entries)),
    searchAudit: guarded((query: AuditQuery) => {
      const found = [...memory.audit.values()].filter((entry) => answers(entry, query));
      found.sort((one, other) => (isBehind(one, other, query) ? 1 : -1));
      const entries = structuredClone(found.slice(0, query.limit));
      return { entries, more: found.length > query.limit };
    }),
    auditEntry: guarded((id: string) => structuredClone(memory.audit.get(id) ?? null)),
    claims: guarded(({ patient, person, organization, activeAt }) =>
      [...memory.audit.values()]
        .map(({ claim }) => claim)
        .filter((claim): claim is Claim => claim !== null && claim.expiresAt > activeAt)
        .filter((claim) => claim.patient === patient && claim.person === person)
        .filter((claim) => claim.organization === organization),
    ),
    sealAudit: guarded((now: number) => seal(memory, now)),
    seals: guarded((after: number) => memory.seals.slice(after, after + SEALS_PAGE)),
    sealedEntries: guarded(({ upTo }: Seal, before: Seal | null) => {
      const entries = [...memory.audit.values()];
      return structuredClone(entries.slice(Number(before?.upTo ?? 0), Number(upTo)));
    }),
    secret: guarded(() => memory.secret),
    ping: guarded(() => undefined),
    isEmpty: guarded(() => memory.heads.size === 0),
    close: async () => {
      closed = true;
    },
  };
}

function headAt({ heads }: Memory, id: string, version: number): CareRecord | null {
  const head = heads.get(id)?.[version - 1];
  return head === undefined ? null : (JSON.parse(head) as CareRecord);
}

function fragmentsOf(memory: Memory, id: string, ids: readonly string[]): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const each of ids) {
    const bytes = memory.fragments.get(`${id} ${each}`);
    if (bytes === undefined) throw new Error('a fragment that is referred to exists');
    found.set(each, bytes);
  }
  return found;
}

function commitTo(memory: Memory, commit: RecordCommit): 'committed' | 'conflict' {
  const { record, fragments, receipt, termsAdded, termsRemoved, audit } = commit;
  const heads = memory.heads.get(record.id) ?? [];
  if (record.version <= heads.length) return 'conflict';
  if (record.version !== heads.length + 1) throw new Error('versions have no gaps');
  append(memory, audit);
  memory.heads.set(record.id, [...heads, JSON.stringify(record)]);
  for (const { id, bytes } of fragments) memory.fragments.set(`${record.id} ${id}`, bytes.slice());
  if (receipt !== null) {
    memory.receipts.set(`${record.id} ${receipt.key}`, JSON.stringify(receipt));
  }
  for (const term of termsRemoved) memory.terms.delete(`${record.id} ${term}`);
  for (const term of termsAdded) memory.terms.add(`${record.id} ${term}`);
  return 'committed';
}

function seal({ audit, seals }: Memory, now: number): Seal | null {
  const before = seals.at(-1);
  const from = Number(before?.upTo ?? 0);
  const entries = [...audit.values()].slice(from, from + SEALED_MAX);
  if (entries.length === 0) return null;
  const place = { at: new Date(now).toISOString(), upTo: String(from + entries.length) };
  const made = sealOn(entries, place, before ?? NO_SEAL, sha256);
  seals.push(made);
  return made;
}

function append({ audit }: Memory, entries: readonly AuditEntry[]): void {
  const fresh = new Set(entries.map(({ id }) => id));
  if (fresh.size < entries.length || entries.some(({ id }) => audit.has(id))) {
    throw new StoreUnavailable(new Error('an audit id was used twice'));
  }
  for (const entry of structuredClone(entries)) audit.set(entry.id, entry);
}

function sortedHits({ terms }: Memory): readonly TermHit[] {
  const hits = [...terms].map((each) => {
    const blank = each.indexOf(' ');
    return { recordId: each.slice(0, blank), term: each.slice(blank + 1) };
  });
  return hits.sort(compareHits);
}

function compareHits(one: TermHit, other: TermHit): number {
  return bytewise(one.term, other.term) || bytewise(one.recordId, other.recordId);
}

function bytewise(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function place({ recorded, id }: { readonly recorded: string; readonly id: string }): string {
  return `${recorded} ${id}`;
}

/** Whether one place comes after another in the order asked for. */
function isBehind(one: AuditPosition, other: AuditPosition, query: AuditQuery): boolean {
  return query.oldestFirst ? place(one) > place(other) : place(one) < place(other);
}

function answers(entry: AuditEntry, query: AuditQuery): boolean {
  const { from, before, alertsTo, after, entityNames } = query;
  const has = (list: readonly string[] | undefined, value: string | null | undefined): boolean =>
    list === undefined || (value != null && list.includes(value));
  return (
    has(query.patients, entry.patient) &&
    has(query.agents, entry.agent?.subject) &&
    has(query.organizations, entry.agent?.organization) &&
    has(query.actions, entry.action) &&
    has(query.outcomes, entry.outcome) &&
    (entityNames === undefined || entry.entityNames.some((name) => entityNames.includes(name))) &&
    (alertsTo === undefined || entry.alert?.organization === alertsTo) &&
    (from === undefined || entry.recorded >= from) &&
    (before === undefined || entry.recorded < before) &&
    (after === undefined || isBehind(entry, after, query))
  );
}
