import type { Claim } from '../access/claim.ts';
import type { Instant } from '../fhir/instant.ts';
import type { AuditAgent, AuditEntry } from './entry.ts';

/** How many entries a seal covers at most. */
export const SEALED_MAX = 1_000;

/**
 * Covers the entries of the log behind those of the seal before it. Each seal's hash is taken of
 * the hash of the seal before, so that the newest one stands for the whole log: whoever keeps it
 * elsewhere can tell later whether anything was changed, taken away or put in between.
 */
export interface Seal {
  /** 1 for the first, and one more for each. */
  readonly number: number;
  /** When it was made. */
  readonly at: Instant;
  /** Where the last entry stands that it covers, in the store's own order. */
  readonly upTo: string;
  /** How many entries it covers. */
  readonly entries: number;
  /** SHA-256 of what they say, in hexadecimal digits. */
  readonly content: string;
  /** SHA-256 of all this and of the hash of the seal before it. */
  readonly hash: string;
}

/** SHA-256 of a text as UTF-8, in hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** The hash that stands before the first seal. */
export const NO_SEAL: Pick<Seal, 'number' | 'hash'> = { number: 0, hash: '' };

/** The seal behind `before` on entries in the store's order, up to this place. */
export function sealOn(
  entries: readonly AuditEntry[],
  place: Pick<Seal, 'at' | 'upTo'>,
  before: Pick<Seal, 'number' | 'hash'>,
  sha256: Sha256,
): Seal {
  const parts = {
    number: before.number + 1,
    ...place,
    entries: entries.length,
    content: contentOf(entries, sha256),
  };
  return { ...parts, hash: hashOf(parts, before, sha256) };
}

/** What entries say together. */
export function contentOf(entries: readonly AuditEntry[], sha256: Sha256): string {
  return sha256(entries.map(sealedText).join('\n'));
}

/** The hash of a seal that stands behind another one. */
export function hashOf(
  { number, at, upTo, entries, content }: Omit<Seal, 'hash'>,
  before: Pick<Seal, 'hash'>,
  sha256: Sha256,
): string {
  return sha256(JSON.stringify([before.hash, number, at, upTo, entries, content]));
}

/**
 * All that an entry says, in one form whatever store it comes from. What is added to entries later
 * is to be added behind, and only where it is there: seals of before must go on holding.
 */
export function sealedText(entry: AuditEntry): string {
  const { agent, alert, claim, resolution } = entry;
  return JSON.stringify([
    entry.id,
    entry.recorded,
    entry.interaction,
    entry.action,
    entry.outcome,
    entry.outcomeDesc,
    agent && agentParts(agent),
    entry.patient,
    entry.entities,
    entry.entityNames,
    entry.query,
    entry.requestId,
    entry.rules.map(({ rule, withheld }) => [rule, withheld]),
    alert && [alert.organization, alert.kind],
    claim && claimParts(claim),
    resolution ? [resolution.alert, resolution.action, resolution.reason] : null,
  ]);
}

function agentParts(agent: AuditAgent): readonly unknown[] {
  const { issuer, subject, name, organization, organizationName } = agent;
  const { role, purpose, client, tokenId } = agent;
  return [issuer, subject, name, organization, organizationName, role, purpose, client, tokenId];
}

function claimParts(claim: Claim): readonly unknown[] {
  const { patient, person, organization, reason, note, madeAt, expiresAt } = claim;
  return [patient, person, organization, reason, note, madeAt, expiresAt];
}
