import type { AuditAgent, AuditEntry } from '../../domain/audit/entry.ts';
import type { RuleCount } from '../../domain/problem.ts';
import { hexOfCount, hexOfText, hexReader, LINK_DIGITS, linkTo } from './audit-hex.ts';
import { hasOnlyParts } from './audit-parts.ts';

/**
 * How an entry stands in the tables: a fifth of its JSON. What many entries have in common (who
 * asked, what was done) is a value of its own, meant by a digest; digits are kept as bytes, and the
 * patient's id, which begins every other id, is there once. Column `id` and `recorded` complete it.
 *
 * INVARIANT: an entry's JSON comes back as it was, byte for byte. What this form cannot give back
 * so (`audit-parts.ts`) is kept as JSON.
 */
export interface PackedEntry {
  readonly bytes: Uint8Array;
  /** The values that it links to. */
  readonly values: readonly LinkedValue[];
}

/** Something that many entries have in common. */
export interface LinkedValue {
  readonly link: string;
  /** Its JSON. */
  readonly value: string;
}

/** Finds a value, parsed, by its link. */
export type FindValue = (link: string) => unknown;

/** The first byte says which form it is. Forms are never changed; a change is another form. */
const AS_JSON = '00';
const AS_PARTS = '01';

/** What follows the patient's id where most entries name a version: `Type/id/_history/version`. */
const BEHIND_PATIENT = /^(?:-([0-9a-f]{24}))?\/_history\/([0-9a-f]{16})$/;
const ENTITY_AS_TEXT = 0;
const ENTITY_IS_PATIENT = 1;
const ENTITY_OF_PATIENT = 2;
const ENTITY_KINDS = 4;
const TYPES_MAX = 64;

/** Where there is no agent. */
const NO_LINK = '0'.repeat(LINK_DIGITS);

/** Stands for the patient's id in the request target. */
const PATIENT = '\u0000';

/** What many entries have in common, beside the agent. */
type Act = readonly [
  interaction: string,
  action: AuditEntry['action'],
  outcome: AuditEntry['outcome'],
  entityNames: readonly string[],
  rules: readonly RuleCount[],
  types: readonly string[],
];
type Agent = readonly (string | null)[];
type Rare = Pick<AuditEntry, 'alert' | 'claim' | 'resolution'>;

/** Packs an entry. */
export function packEntry(entry: AuditEntry): PackedEntry {
  return hasOnlyParts(entry) ? inParts(entry) : packAsJson(entry);
}

/** Keeps an entry as its JSON. */
export function packAsJson(entry: AuditEntry): PackedEntry {
  const hex = Buffer.from(JSON.stringify(entry)).toString('hex');
  return { bytes: Buffer.from(AS_JSON + hex, 'hex'), values: [] };
}

/** The entry in some bytes. */
export function unpackEntry(
  id: string,
  recordedMs: number,
  bytes: Uint8Array,
  find: FindValue,
): AuditEntry {
  const form = bytes[0];
  if (form === Number(AS_JSON)) return JSON.parse(Buffer.from(bytes.subarray(1)).toString());
  if (form !== Number(AS_PARTS)) throw new Error('INVARIANT: the form of an audit entry is known');
  return { id, recorded: new Date(recordedMs).toISOString(), ...fromParts(bytes, find) };
}

function inParts(entry: AuditEntry): PackedEntry {
  const { agent, patient, query, entities } = entry;
  const types = [...new Set(entities.map(typeOf))];
  const act = shared(actOf(entry, types));
  const asked = agent === null ? null : shared(agentParts(agent));
  const hex = [
    AS_PARTS,
    act.link,
    asked?.link ?? NO_LINK,
    hexOfText(agent?.tokenId ?? null),
    hexOfText(patient),
    hexOfText(patient === null ? query : (query?.replaceAll(patient, () => PATIENT) ?? null)),
    hexOfText(entry.requestId),
    hexOfText(entry.outcomeDesc),
    hexOfCount(entities.length),
    ...entities.map((entity) => hexOfEntity(entity, patient, types)),
    hexOfText(rareOf(entry)),
  ];
  const bytes = Buffer.from(hex.join(''), 'hex');
  return { bytes, values: asked === null ? [act] : [act, asked] };
}

function rareOf({ alert, claim, resolution }: AuditEntry): string | null {
  if (alert === null && claim === null && resolution === undefined) return null;
  const rare: Rare = { alert, claim, ...(resolution === undefined ? {} : { resolution }) };
  return JSON.stringify(rare);
}

function shared(parsed: Act | Agent): LinkedValue {
  const value = JSON.stringify(parsed);
  return { link: linkTo(value), value };
}

function fromParts(bytes: Uint8Array, find: FindValue): Omit<AuditEntry, 'id' | 'recorded'> {
  const read = hexReader(bytes, AS_PARTS.length);
  const [interaction, action, outcome, entityNames, rules, types] = valueAt<Act>(
    read.digits(LINK_DIGITS),
    find,
  );
  const agentLink = read.digits(LINK_DIGITS);
  const tokenId = read.text();
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
    agent: agentLink === NO_LINK ? null : agentOf(valueAt<Agent>(agentLink, find), tokenId),
    patient,
    entities,
    entityNames,
    query: patient === null ? query : (query?.replaceAll(PATIENT, () => patient) ?? null),
    requestId,
    rules,
    ...(rare === null ? { alert: null, claim: null } : (JSON.parse(rare) as Rare)),
  };
}

function actOf(entry: AuditEntry, types: readonly string[]): Act {
  const { interaction, action, outcome, entityNames, rules } = entry;
  return [interaction, action, outcome, entityNames, rules, types];
}

function agentParts(agent: AuditAgent): Agent {
  const { issuer, subject, name, organization, organizationName, role, purpose, client } = agent;
  return [issuer, subject, name, organization, organizationName, role, purpose, client];
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

function valueAt<T>(link: string, find: FindValue): T {
  const value = find(link);
  if (value === undefined) throw new Error('INVARIANT: what an audit entry links to is there');
  return value as T;
}

function typeOf(entity: string): string {
  const slash = entity.indexOf('/');
  return slash === -1 ? entity : entity.slice(0, slash);
}

function hexOfEntity(entity: string, patient: string | null, types: readonly string[]): string {
  const type = typeOf(entity);
  const at = types.indexOf(type);
  const isPatients = patient !== null && entity.startsWith(patient, type.length + 1);
  const behind = isPatients
    ? BEHIND_PATIENT.exec(entity.slice(type.length + 1 + patient.length))
    : null;
  if (behind === null || at >= TYPES_MAX) return hexOfByte(ENTITY_AS_TEXT) + hexOfText(entity);
  const [, own = '', version = ''] = behind;
  const kind = own === '' ? ENTITY_IS_PATIENT : ENTITY_OF_PATIENT;
  return hexOfByte(at * ENTITY_KINDS + kind) + own + version;
}

function hexOfByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function entityAt(
  read: ReturnType<typeof hexReader>,
  patient: string | null,
  types: readonly string[],
): string {
  const head = Number.parseInt(read.digits(2), 16);
  const kind = head % ENTITY_KINDS;
  if (kind === ENTITY_AS_TEXT) return read.text() ?? '';
  const type = types[Math.floor(head / ENTITY_KINDS)];
  const id = kind === ENTITY_IS_PATIENT ? patient : `${patient}-${read.digits(24)}`;
  return `${type}/${id}/_history/${read.digits(16)}`;
}
