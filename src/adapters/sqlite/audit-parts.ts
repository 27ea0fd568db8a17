import type { AuditAgent, AuditEntry } from '../../domain/audit/entry.ts';
import { COUNT_MAX } from './audit-hex.ts';

/** So long no text has more bytes than a count can hold: three for each character. */
const CHARACTERS_MAX = COUNT_MAX / 3;

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
 * that it gives back as they were. Entries of this server are; those of a later one may not be.
 */
export function hasOnlyParts(entry: AuditEntry): boolean {
  return (
    hasFields(entry, entry.resolution === undefined ? ENTRY : RESOLVED) &&
    (entry.agent === null || hasFields(entry.agent, AGENT)) &&
    new Date(entry.recorded).toISOString() === entry.recorded &&
    entry.patient !== '' &&
    entry.query?.includes('\u0000') !== true &&
    entry.entities.length <= COUNT_MAX &&
    entry.entities.every(comesBack) &&
    textsOf(entry).every(comesBack)
  );
}

/** All of these and no other, in this order. */
function hasFields(object: object, names: readonly string[]): boolean {
  let count = 0;
  for (const [name, value] of Object.entries(object)) {
    if (name !== names[count] || value === undefined) return false;
    count += 1;
  }
  return count === names.length;
}

/** The texts that are kept as UTF-8, where others are kept as JSON. */
function textsOf({ agent, patient, query, requestId, outcomeDesc }: AuditEntry): readonly string[] {
  const texts = [agent?.tokenId ?? null, patient, query, requestId, outcomeDesc];
  return texts.filter((text) => text !== null);
}

function comesBack(text: string): boolean {
  return text.length <= CHARACTERS_MAX && text.isWellFormed();
}
