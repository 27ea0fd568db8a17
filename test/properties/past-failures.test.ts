import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { worldView } from '../support/naive-oracle.ts';
import { openStage, type Stage } from '../support/play-worlds.ts';
import { comparable } from './comparable.ts';
import { PAST_FAILURES } from './past-failures.ts';

describe('what was once told apart', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  it.each(PAST_FAILURES)('$title; it does no more', async ({ one, other, me, urls }) => {
    // They differ, and in nothing that this caller may see.
    expect(one).not.toEqual(other);
    expect(worldView(one, me)).toEqual(worldView(other, me));
    const worlds = [await stage.play(one, me), await stage.play(other, me)] as const;
    for (const url of urls) {
      const first = await worlds[0].ask({ method: 'GET', url }, me);
      const second = await worlds[1].ask({ method: 'GET', url }, me);
      expect([200, 404]).toContain(first.statusCode);
      expect({ url, ...comparable(second) }).toEqual({ url, ...comparable(first) });
    }
  });
});
