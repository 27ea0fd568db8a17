import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRuleData } from '../src/adapters/files/rule-data.ts';
import { startApp } from './support/app.ts';

const PROFILES = fileURLToPath(new URL('../profiles', import.meta.url));

describe('the rules’ data', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'scr-test-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  const good = {
    acuteMonths: { value: 12 },
    discontinuedMonths: { value: 6 },
    claimHours: { value: 24 },
    sensitiveCodes: { value: ['http://snomed.info/sct|1'] },
  };
  const load = async (file: object) => {
    await writeFile(join(directory, 'rules.json'), JSON.stringify(file));
    return loadRuleData(directory);
  };

  test('are delivered as the contract says', async () => {
    expect(await loadRuleData(PROFILES)).toEqual({
      acuteMonths: 12,
      discontinuedMonths: 6,
      claimHours: 24,
      sensitiveCodes: new Set(),
    });
  });

  test('are taken from the file', async () => {
    expect((await load(good)).sensitiveCodes).toEqual(new Set(['http://snomed.info/sct|1']));
  });

  test.each([
    ['acuteMonths', { value: 0 }],
    ['discontinuedMonths', { value: '6' }],
    ['claimHours', { value: 1.5 }],
    ['claimHours', null],
    ['sensitiveCodes', { value: ['no system'] }],
    ['sensitiveCodes', {}],
    ['acuteMonths', undefined],
  ])('are refused, by the name of what is wrong: %s %j', async (name, value) => {
    await expect(load({ ...good, [name]: value })).rejects.toThrow(name);
  });
});

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
