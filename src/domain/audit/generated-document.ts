import type { Caller } from '../access/caller.ts';
import type { Instant } from '../fhir/instant.ts';
import type { AuditEntry } from './entry.ts';

/** A document that was generated, as the audit entry of its making tells of it. */
export interface GeneratedDocument {
  readonly id: string;
  readonly madeAt: Instant;
  /** The record that it is about. */
  readonly patient: string;
  /** The versions in it by the id of the resource, in their order. */
  readonly versions: ReadonlyMap<string, string>;
}

/** The interaction that generates documents. */
const SUMMARY = 'summary';

/**
 * The document that an audit entry tells of, for who asked for it then: the same person, for the
 * same organisation, in the same role. Null for everybody else, for other entries, and for a
 * document that was made at `since` or before. Whether they may still see it is not decided here.
 */
export function generatedDocument(
  entry: AuditEntry,
  caller: Caller,
  since: Instant,
): GeneratedDocument | null {
  const { id, patient, recorded: madeAt } = entry;
  if (entry.interaction !== SUMMARY || entry.outcome !== '0' || patient === null) return null;
  if (madeAt <= since || !isOf(entry, caller)) return null;
  const parts = entry.entities.map((reference) => reference.split('/'));
  const versions = new Map(parts.map(([, resource = '', , version = '']) => [resource, version]));
  return { id, madeAt, patient, versions };
}

function isOf({ agent }: AuditEntry, caller: Caller): boolean {
  return (
    agent !== null &&
    agent.issuer === caller.issuer &&
    agent.subject === caller.subject &&
    agent.organization === caller.organization &&
    agent.role === caller.role
  );
}
