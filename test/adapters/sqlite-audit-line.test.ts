import { expect, it } from 'vitest';
import { appendOf, linesIn, linesOf } from '../../src/adapters/sqlite/audit-line.ts';
import { aClaim, anAgent, anAuditEntry } from '../support/records.ts';

it.each([
  ['with an agent', anAuditEntry(1, { agent: anAgent({ name: 'Zoë "Z" Ó\t' }) })],
  ['without an agent', anAuditEntry(2, { agent: null })],
  ['with a claim', anAuditEntry(3, { claim: aClaim() })],
])('an entry %s is written as JSON.stringify would, the second time as well', (_name, entry) => {
  const plain = JSON.stringify([entry]);
  expect([appendOf([entry]), appendOf([entry])]).toEqual([plain, plain]);
});

it('what is too long for one line goes to the next, and all is read back in order', () => {
  const appends = Array.from({ length: 200 }, (_, n) => appendOf([anAuditEntry(n)]));
  const lines = linesOf(appends).toString();
  const { texts, end } = linesIn(Buffer.from(`${lines}\0\0`));
  expect(lines.trim().split('\n').length).toBeGreaterThan(1);
  expect(texts).toEqual(appends);
  expect(end).toBe(Buffer.byteLength(lines));
});

it('a line that a fault of the disk changed is not taken, nor is what follows it', () => {
  const [first = '', second = '', third = ''] = [1, 2, 3].map((n) =>
    linesOf([appendOf([anAuditEntry(n)])]).toString(),
  );
  const damaged = second.replace('dr-khan', 'dr-khal');
  expect(damaged).not.toBe(second);
  const { texts, end } = linesIn(Buffer.from(first + damaged + third));
  expect([texts, end]).toEqual([[appendOf([anAuditEntry(1)])], Buffer.byteLength(first)]);
});
