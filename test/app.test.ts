import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApp } from './support/app.ts';

describe('the app', () => {
  test('keeps its records when it is closed and built again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'scr-test-'));
    const config = { store: { kind: 'sqlite', path: join(directory, 'new', 'scr.db') } } as const;
    const first = await startApp({ config });
    const id = first.context.names.recordId('9990000018');
    await first.close();
    const second = await startApp({ config });
    expect(second.context.names.recordId('9990000018')).toBe(id);
    await second.close();
    await rm(directory, { recursive: true });
  });
});
