import { hash } from 'node:crypto';
import type { AuditAgent, AuditEntry } from '../../domain/audit/entry.ts';
import { isAlike } from './alike.ts';
import { ByteWriter, LONG_DIGITS } from './audit-bytes.ts';
import { listedEntities } from './audit-entities.ts';
import {
  type Act,
  type Agent,
  AS_JSON,
  AS_PARTS,
  type LinkedValue,
  NO_LINK,
  PATIENT,
  type PackedEntry,
  type Rare,
} from './audit-packed.ts';
import { areAgentParts, areOnlyParts } from './audit-parts.ts';
import { boundedCache } from './bounded-cache.ts';
import { instant } from './instant.ts';

/**
 * Packs an entry (`audit-packed.ts`). INVARIANT: its JSON comes back as it was, byte for byte. What
 * the parts cannot give back so (`audit-parts.ts`) is kept as JSON.
 */
export function packEntry(entry: AuditEntry): PackedEntry {
  const asked = entry.agent === null ? NOBODY : askedBy(entry.agent);
  const listed = listedEntities(entry.entities, entry.patient);
  if (asked === null || listed === null || !areOnlyParts(entry)) return packAsJson(entry);
  const { patient, query } = entry;
  const act = valueOfAct(actOf(entry, listed.types));
  WRITER.begin();
  WRITER.byte(AS_PARTS);
  WRITER.long(act.link);
  WRITER.raw(asked.bytes);
  WRITER.text(patient);
  WRITER.text(patient === null ? query : (query?.replaceAll(patient, () => PATIENT) ?? null));
  WRITER.text(entry.requestId);
  WRITER.text(entry.outcomeDesc);
  WRITER.raw(listed.bytes);
  WRITER.text(rareOf(entry));
  return packed(entry, WRITER.written(), [act, ...asked.values]);
}

/** Keeps an entry as its JSON. */
export function packAsJson(entry: AuditEntry): PackedEntry {
  WRITER.begin();
  WRITER.byte(AS_JSON);
  WRITER.raw(Buffer.from(JSON.stringify(entry)));
  return packed(entry, WRITER.written(), []);
}

/** One entry is packed at a time. */
const WRITER = new ByteWriter();

function packed(entry: AuditEntry, bytes: Buffer, values: readonly LinkedValue[]): PackedEntry {
  return { id: entry.id, recorded: instant(entry.recorded), bytes, values };
}

function rareOf({ alert, claim, resolution }: AuditEntry): string | null {
  if (alert === null && claim === null && resolution === undefined) return null;
  const rare: Rare = { alert, claim, ...(resolution === undefined ? {} : { resolution }) };
  return JSON.stringify(rare);
}

function actOf(entry: AuditEntry, types: readonly string[]): Act {
  const { interaction, action, outcome, entityNames, rules } = entry;
  return [interaction, action, outcome, entityNames, rules, types];
}

/** Who asked, as the packed form has it: the link, and the token's id. */
interface Asked {
  readonly bytes: Uint8Array;
  readonly values: readonly LinkedValue[];
}

const NOBODY: Asked = { bytes: askedBytes(NO_LINK, null), values: [] };

function askedBytes(link: number, tokenId: string | null): Uint8Array {
  const writer = new ByteWriter();
  writer.long(link);
  writer.text(tokenId);
  return writer.writtenToKeep();
}

/** The same for each entry of a caller; null where the parts do not hold all that there is. */
function askedBy(agent: AuditAgent): Asked | null {
  const known = ASKED.get(agent);
  if (known !== undefined) return known;
  const asked = areAgentParts(agent) ? newAsked(agent) : null;
  ASKED.set(agent, asked);
  return asked;
}

const ASKED = new WeakMap<AuditAgent, Asked | null>();

function newAsked(agent: AuditAgent): Asked {
  const value = sharedValue(agentParts(agent));
  return { bytes: askedBytes(value.link, agent.tokenId), values: [value] };
}

function agentParts(agent: AuditAgent): Agent {
  const { issuer, subject, name, organization, organizationName, role, purpose, client } = agent;
  return [issuer, subject, name, organization, organizationName, role, purpose, client];
}

/** The link to a value; the same for the same value, always. */
export function linkTo(value: string): number {
  const digest = hash('sha256', value, 'hex').slice(0, LONG_DIGITS);
  return Number.parseInt(digest, 16);
}

function sharedValue(parts: Act | Agent): LinkedValue {
  const value = JSON.stringify(parts);
  const known = VALUES.get(value);
  if (known !== undefined) return known;
  const linked = { link: linkTo(value), value };
  VALUES.set(value, linked, value.length);
  return linked;
}

/** Most entries are of the same act as the one before, and its JSON need not be written again. */
function valueOfAct(act: Act): LinkedValue {
  if (lastAct === null || !isAlike(lastAct.act, act)) lastAct = { act, value: sharedValue(act) };
  return lastAct.value;
}

let lastAct: { readonly act: Act; readonly value: LinkedValue } | null = null;

/** Entries link to the same few values again and again. */
const VALUES = boundedCache<LinkedValue>({ entriesMax: 1_024, bytesMax: 512 * 1024 });
