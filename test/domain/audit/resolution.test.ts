import { expect, it } from 'vitest';
import {
  ALERT_STATUSES,
  canFollow,
  RESOLUTION_ACTIONS,
  statusAfter,
} from '../../../src/domain/audit/resolution.ts';

it.each([
  [[], 'open'],
  [['escalate'], 'escalated'],
  [['close'], 'closed'],
  [['escalate', 'close'], 'closed'],
  [['close', 'escalate'], 'closed'],
] as const)('after %j an alert is %s', (actions, status) => {
  expect(statusAfter(actions)).toBe(status);
});

it('lets an alert be closed once, and escalated once before that', () => {
  const possible = ALERT_STATUSES.flatMap((status) =>
    RESOLUTION_ACTIONS.filter((action) => canFollow(status, action)).map(
      (action) => `${status}: ${action}`,
    ),
  );
  expect(possible).toEqual(['open: close', 'open: escalate', 'escalated: close']);
});
