import type { AuditAgent, AuditEntry } from '../../domain/audit/entry.ts';
import { ByteReader } from './audit-bytes.ts';
import {
  type Act,
  type Agent,
  AS_JSON,
  AS_PARTS,
  ENTITY_AS_TEXT,
  ENTITY_IS_PATIENT,
  ENTITY_KINDS,
  type FindValue,
  FORM_BYTES,
  NO_LINK,
  NOTHING_RARE,
  OWN_ID_BYTES,
  PATIENT,
  type PackedEntry,
  type Rare,
  VERSION_BYTES,
} from './audit-packed.ts';
import type { FoundBy } from './audit-terms.ts';

/** The entry that was packed (`audit-packed.ts`). */
export function unpackEntry(
  { id, recorded, bytes }: Omit<PackedEntry, 'values'>,
  find: FindValue,
): AuditEntry {
  const form = bytes[0];
  if (form === AS_JSON) return JSON.parse(Buffer.from(bytes.subarray(FORM_BYTES)).toString());
  if (form !== AS_PARTS) throw new Error('INVARIANT: the form of an audit entry is known');
  return { id, recorded: new Date(recorded).toISOString(), ...fromParts(bytes, find) };
}

/** The links in an entry's bytes. */
export function linksOf(bytes: Uint8Array): readonly number[] {
  if (bytes[0] !== AS_PARTS) return [];
  const read = new ByteReader(bytes, FORM_BYTES);
  return [read.long(), read.long()].filter((link) => link !== NO_LINK);
}

/** What an entry is found by, without unpacking it; null when it has more than its parts. */
export function foundBy(bytes: Uint8Array, find: FindValue): FoundBy | null {
  if (bytes[0] !== AS_PARTS || bytes.at(-1) !== NOTHING_RARE) return null;
  const read = new ByteReader(bytes, FORM_BYTES);
  const [, action, outcome, entityNames] = actAt(read, find);
  const agent = agentAt(read, find);
  return { agent, patient: read.text(), entityNames, action, outcome, alert: null };
}

function fromParts(bytes: Uint8Array, find: FindValue): Omit<AuditEntry, 'id' | 'recorded'> {
  const read = new ByteReader(bytes, FORM_BYTES);
  const [interaction, action, outcome, entityNames, rules, types] = actAt(read, find);
  const agent = agentAt(read, find);
  const patient = read.text();
  const query = read.text();
  const requestId = read.text() ?? '';
  const outcomeDesc = read.text();
  const entities = Array.from({ length: read.count() }, () => entityAt(read, patient, types));
  const rare = read.text();
  return {
    interaction,
    action,
    outcome,
    outcomeDesc,
    agent,
    patient,
    entities,
    entityNames,
    query: patient === null ? query : (query?.replaceAll(PATIENT, () => patient) ?? null),
    requestId,
    rules,
    ...(rare === null ? { alert: null, claim: null } : (JSON.parse(rare) as Rare)),
  };
}

function actAt(read: ByteReader, find: FindValue): Act {
  return valueAt<Act>(read.long(), find);
}

function agentAt(read: ByteReader, find: FindValue): AuditAgent | null {
  const link = read.long();
  const tokenId = read.text();
  return link === NO_LINK ? null : agentOf(valueAt<Agent>(link, find), tokenId);
}

function agentOf(parts: Agent, tokenId: string | null): AuditAgent {
  const [issuer, subject, name, organization, organizationName, role, purpose, client] = parts;
  return {
    issuer: issuer ?? '',
    subject: subject ?? '',
    name: name ?? null,
    organization: organization ?? '',
    organizationName: organizationName ?? null,
    role: role ?? '',
    purpose: purpose ?? null,
    client: client ?? null,
    tokenId,
  };
}

function valueAt<T>(link: number, find: FindValue): T {
  const value = find(link);
  if (value === undefined) throw new Error('INVARIANT: what an audit entry links to is there');
  return value as T;
}

function entityAt(read: ByteReader, patient: string | null, types: readonly string[]): string {
  const head = read.byte();
  const kind = head % ENTITY_KINDS;
  if (kind === ENTITY_AS_TEXT) return read.text() ?? '';
  const type = types[Math.floor(head / ENTITY_KINDS)];
  const id = kind === ENTITY_IS_PATIENT ? patient : `${patient}-${read.digits(OWN_ID_BYTES)}`;
  return `${type}/${id}/_history/${read.digits(VERSION_BYTES)}`;
}
