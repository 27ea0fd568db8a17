import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asAuditEvent } from '../../../src/domain/audit/as-audit-event.ts';
import type { AuditEntry } from '../../../src/domain/audit/entry.ts';
import { BASE_URL } from '../../support/context.ts';
import { r4Faults } from '../../support/r4-audit-event.ts';
import { anAuditEntry, recordId } from '../../support/records.ts';

const SERVER = { baseUrl: BASE_URL };

it('is valid R4 whatever the caller sent', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('', ' ', '\u0000', '\ud800', 'a\u0001b', ' a  b ', '\ufeff', '\u2028'),
  );
  const nullable = fc.option(text);
  const agent = fc.record({
    issuer: text,
    subject: text,
    name: nullable,
    organization: text,
    organizationName: nullable,
    role: text,
    purpose: nullable,
    client: nullable,
    tokenId: nullable,
  });
  const changes = fc.record({
    agent: fc.option(agent),
    action: fc.constantFrom('C', 'R', 'U', 'D', 'E'),
    interaction: fc.oneof(text, fc.constantFrom('read', 'search', 'search-type', 'create')),
    outcome: fc.constantFrom('0', '4', '8'),
    outcomeDesc: nullable,
    patient: fc.oneof(nullable, fc.constant(recordId(1))),
    entities: fc.subarray(['Patient/1/_history/1', 'Consent/2/_history/1']),
    entityNames: fc.array(text, { maxLength: 4 }),
    query: nullable,
    requestId: text,
    rules: fc.array(fc.record({ rule: fc.constantFrom('dissent', 'role'), withheld: fc.nat() })),
  });
  fc.assert(
    fc.property(changes, (each) => {
      const entry = anAuditEntry(1, each as Partial<AuditEntry>);
      expect(r4Faults(asAuditEvent(entry, SERVER))).toEqual([]);
    }),
  );
});

it('is held against rules that do find faults', () => {
  const event = asAuditEvent(anAuditEntry(1), SERVER);
  expect(r4Faults({ ...event, agent: [] })).toEqual(['AuditEvent.agent: no list, or an empty one']);
  expect(r4Faults({ ...event, source: {} })).toContain('AuditEvent.source.observer: missing');
  expect(r4Faults({ ...event, recorded: '' })).toEqual(['AuditEvent.recorded: no instant']);
  expect(r4Faults({ ...event, entity: [{ name: 'a', query: 'AAAA' }] })).toContain(
    'AuditEvent.entity[0]: sev-1',
  );
});
