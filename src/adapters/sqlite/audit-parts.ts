import type { AuditAgent, AuditEntry } from '../../domain/audit/entry.ts';
import { BYTES_PER_CHARACTER_MAX, COUNT_MAX } from './audit-bytes.ts';
import { instant } from './instant.ts';

/** So long no text has more bytes than a count can hold. */
const CHARACTERS_MAX = COUNT_MAX / BYTES_PER_CHARACTER_MAX;

const AGENT: readonly (keyof AuditAgent)[] = [
  'issuer',
  'subject',
  'name',
  'organization',
  'organizationName',
  'role',
  'purpose',
  'client',
  'tokenId',
];

const ENTRY: readonly (keyof AuditEntry)[] = [
  'id',
  'recorded',
  'interaction',
  'action',
  'outcome',
  'outcomeDesc',
  'agent',
  'patient',
  'entities',
  'entityNames',
  'query',
  'requestId',
  'rules',
  'alert',
  'claim',
];

const RESOLVED: readonly (keyof AuditEntry)[] = [...ENTRY, 'resolution'];

/**
 * Whether an entry is nothing but the parts that its packed form has, in their order and in texts
 * that it gives back as they were; agent and entities apart. Entries of this server are; those of a
 * later one may not be.
 */
export function areOnlyParts(entry: AuditEntry): boolean {
  return (
    hasFields(entry, entry.resolution === undefined ? ENTRY : RESOLVED) &&
    isPlainInstant(entry.recorded) &&
    entry.patient !== '' &&
    entry.query?.includes('\u0000') !== true &&
    comesBack(entry.patient) &&
    comesBack(entry.query) &&
    comesBack(entry.requestId) &&
    comesBack(entry.outcomeDesc)
  );
}

/** The same of an agent. */
export function areAgentParts(agent: AuditAgent): boolean {
  return hasFields(agent, AGENT) && comesBack(agent.tokenId);
}

/** The same of entities. */
export function areEntityParts(entities: readonly string[]): boolean {
  return entities.length <= COUNT_MAX && entities.every(comesBack);
}

/** All of these and no other, in this order. */
function hasFields(object: object, names: readonly string[]): boolean {
  let count = 0;
  for (const name in object) {
    if (name !== names[count] || object[name as keyof typeof object] === undefined) return false;
    count += 1;
  }
  return count === names.length;
}

/** Whether its milliseconds give an instant back; many entries are of one. */
function isPlainInstant(text: string): boolean {
  if (text === plainInstant) return true;
  if (new Date(instant(text)).toISOString() !== text) return false;
  plainInstant = text;
  return true;
}

let plainInstant = '';

/** What is kept as UTF-8, where others are kept as JSON. */
function comesBack(text: string | null): boolean {
  return text === null || (text.length <= CHARACTERS_MAX && text.isWellFormed());
}
