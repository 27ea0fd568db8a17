import type { AuditEntry } from '../../domain/audit/entry.ts';
import type { AuditDocument, ClaimDocument, Proof } from './documents.ts';

/** One entry as it is kept; without a proof it counts as soon as it is there. */
export function auditDocument(entry: AuditEntry, proof: Proof | null): AuditDocument {
  return {
    _id: entry.id,
    proof,
    entry: entry.id,
    recorded: entry.recorded,
    patient: entry.patient,
    agent: entry.agent?.subject ?? null,
    organization: entry.agent?.organization ?? null,
    action: entry.action,
    outcome: entry.outcome,
    names: entry.entityNames,
    alertTo: entry.alert?.organization ?? null,
    text: JSON.stringify(entry),
  };
}

/** The claims among the entries, as they are kept. */
export function claimDocuments(entries: readonly AuditEntry[], proof: Proof): ClaimDocument[] {
  return entries.flatMap(({ id, claim }) => {
    if (claim === null) return [];
    const { patient, person, organization, expiresAt } = claim;
    const text = JSON.stringify(claim);
    return [{ _id: `${id}:${proof.nonce}`, proof, patient, person, organization, expiresAt, text }];
  });
}
