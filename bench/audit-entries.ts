import { hash } from 'node:crypto';
import { systemIds } from '../src/adapters/system/ids.ts';
import type { AuditEntry } from '../src/domain/audit/entry.ts';
import { AGENTS, ORGANIZATIONS } from './audit-fill.ts';

/** How many resources an answer of the bench discloses. */
const DISCLOSED = 10;

const ids = systemIds();

/** A record id of the right shape: digits without an order, as real ones are. */
export function auditedPatient(n: number): string {
  return hash('sha256', `patient ${n}`, 'hex').slice(0, 24);
}

/** The entry of a read of a patient's medicines, as the server writes it. */
export function sampleEntry(patient: number, agent: number): AuditEntry {
  const about = auditedPatient(patient);
  return {
    id: ids.fresh(),
    recorded: new Date().toISOString(),
    interaction: 'search-type',
    action: 'E',
    outcome: '0',
    outcomeDesc: null,
    agent: {
      issuer: 'https://issuer.example',
      subject: `dr-${agent % AGENTS}`,
      name: 'Dr A Khan',
      organization: `RX${agent % ORGANIZATIONS}`,
      organizationName: 'Leeds Urgent Care',
      role: 'clinician',
      purpose: 'TREAT',
      client: null,
      tokenId: null,
    },
    patient: about,
    entities: Array.from({ length: DISCLOSED }, (_, k) => entityOf(about, k)),
    entityNames: ['MedicationStatement'],
    query: `/FHIR/R4/MedicationStatement?patient=${about}`,
    requestId: ids.fresh(),
    rules: [{ rule: 'relationship', withheld: 0 }],
    alert: null,
    claim: null,
  };
}

function entityOf(patient: string, k: number): string {
  const digits = hash('sha256', `${patient} ${k}`, 'hex');
  const [own, version] = [digits.slice(0, 24), digits.slice(24, 40)];
  return `MedicationStatement/${patient}-${own}/_history/${version}`;
}
