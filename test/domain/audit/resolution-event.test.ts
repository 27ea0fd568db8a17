import { expect, it } from 'vitest';
import { asAuditEvent } from '../../../src/domain/audit/as-audit-event.ts';
import { objectAt, objectsAt, textAt } from '../../../src/domain/fhir/elements.ts';
import { r4Faults } from '../../support/r4-audit-event.ts';
import { anAuditEntry, auditId } from '../../support/records.ts';

const SERVER = { baseUrl: 'https://scr.test/FHIR/R4' };
const RESOLVED = anAuditEntry(1, {
  interaction: 'resolve-alert',
  action: 'E',
  entities: [],
  entityNames: ['AuditEvent', `alert:${auditId(7)}`],
  resolution: { alert: auditId(7), action: 'close', reason: 'Confirmed with \u0000 the ward.' },
});

it('refers to the alert that was closed, with what was done and why', () => {
  const event = asAuditEvent(RESOLVED, SERVER);
  expect(r4Faults(event)).toEqual([]);
  const named = objectsAt(event, 'entity').filter(
    (entity) => textAt(entity, 'name') === `alert:${auditId(7)}`,
  );
  expect(named).toHaveLength(1);
  const [entity = {}] = named;
  expect(objectAt(entity, 'what')).toEqual({ reference: `AuditEvent/${auditId(7)}` });
  expect(objectsAt(entity, 'detail').map((detail) => textAt(detail, 'valueString'))).toEqual([
    'close',
    'Confirmed with \ufffd the ward.',
  ]);
});

it('is like any other event where nothing was resolved', () => {
  const { resolution: _, ...plain } = RESOLVED;
  const event = asAuditEvent(plain, SERVER);
  expect(r4Faults(event)).toEqual([]);
  expect(JSON.stringify(event)).not.toContain('alert-reason');
});

it('carries words as its narrative, and none of them as markup', () => {
  const text = objectAt(asAuditEvent(RESOLVED, SERVER, 'A <b>&"c\'</b>'), 'text');
  expect(text).toEqual({
    status: 'generated',
    div: '<div xmlns="http://www.w3.org/1999/xhtml">A &#60;b&#62;&#38;&#34;c&#39;&#60;/b&#62;</div>',
  });
  expect(asAuditEvent(RESOLVED, SERVER).text).toBeUndefined();
});
