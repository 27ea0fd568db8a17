import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRuleData } from '../../../src/adapters/files/rule-data.ts';

const PROFILES = fileURLToPath(new URL('../../../profiles', import.meta.url));
const SET = { id: 'one', title: 'One', source: 'a test', codes: ['http://snomed.info/sct|1'] };
const GOOD = {
  acuteMonths: { value: 12, source: 'a test' },
  discontinuedMonths: { value: 6, source: 'a test' },
  claimHours: { value: 24, source: 'a test' },
  documentHours: { value: 12, source: 'a test' },
  exclusionSets: { value: [SET, { ...SET, id: 'two', codes: ['a|2', 'a|3'] }], source: 'a test' },
  preferenceCodes: { value: [{ ...SET, policy: 'scr-dissent' }], source: 'a test' },
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scr-test-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function load(file: unknown) {
  await writeFile(join(directory, 'rules.json'), JSON.stringify(file));
  return loadRuleData(directory);
}

async function faults(changes: object): Promise<readonly string[]> {
  const fault = await load({ ...GOOD, ...changes }).then(
    () => '',
    (error: unknown) => (error as Error).message,
  );
  return fault.split('\n');
}

describe('the rules’ data', () => {
  test('are delivered as the contract says', async () => {
    expect(await loadRuleData(PROFILES)).toEqual({
      acuteMonths: 12,
      discontinuedMonths: 6,
      claimHours: 24,
      documentHours: 24,
      sensitiveCodes: new Set(),
    });
  });

  test('are taken from the file, the codes of all exclusion sets together', async () => {
    const { sensitiveCodes, claimHours, documentHours } = await load(GOOD);
    expect([...sensitiveCodes]).toEqual(['http://snomed.info/sct|1', 'a|2', 'a|3']);
    expect([claimHours, documentHours]).toEqual([24, 12]);
  });

  test.each([
    [{ acuteMonths: undefined }, 'acuteMonths is missing'],
    [{ acuteMonths: null }, 'acuteMonths is missing'],
    [{ acuteMonths: { value: 0, source: 'x' } }, 'acuteMonths.value must be a whole number from 1'],
    [{ discontinuedMonths: { value: '6', source: 'x' } }, 'discontinuedMonths.value must be'],
    [{ claimHours: { value: 1.5, source: 'x' } }, 'claimHours.value must be'],
    [{ claimHours: { value: 1e12, source: 'x' } }, 'claimHours.value must be'],
    [{ claimHours: { value: 24 } }, 'claimHours.source must say where it comes from'],
    [{ exclusionSets: { value: {}, source: 'x' } }, 'exclusionSets.value must be a list'],
    [{ exclusionSets: { value: ['x'], source: 'x' } }, 'exclusionSets.value[0] must be an object'],
    [sets({ ...SET, title: ' ' }), 'exclusionSets.value[0].title must be a text'],
    [sets({ ...SET, codes: 'a|1' }), 'exclusionSets.value[0].codes must be a list'],
    [sets({ ...SET, codes: ['no system'] }), 'exclusionSets.value[0].codes[0] must be'],
    [sets(SET, SET), 'exclusionSets.value[1].id is used twice'],
    [
      { preferenceCodes: { value: [{ ...SET, policy: 'no' }], source: 'x' } },
      'preferenceCodes.value[0].policy must be null or one of scr-core-and-additional',
    ],
    [{ claimHour: { value: 1, source: 'x' } }, 'claimHour is not a setting that this server knows'],
  ])('are refused with one line that names the fault: %j', async (changes, line) => {
    const [first, ...others] = await faults(changes);
    expect(first).toContain(`rules.json: ${line}`);
    expect(others).toEqual([]);
  });

  test('are refused with every fault at once, a line each', async () => {
    const changes = { acuteMonths: { value: 0 }, claimHours: undefined };
    expect(await faults(changes)).toHaveLength(3);
  });

  test('are refused when the file is no JSON object', async () => {
    await writeFile(join(directory, 'rules.json'), '{');
    await expect(loadRuleData(directory)).rejects.toThrow('rules.json: it is not JSON');
    await expect(load([])).rejects.toThrow('rules.json: it must be an object of settings');
  });
});

describe('the table of preference codes', () => {
  test('gives no code two meanings', async () => {
    const file = JSON.parse(await readFile(join(PROFILES, 'rules.json'), 'utf8')) as typeof GOOD;
    const codes = file.preferenceCodes.value.flatMap((row) => row.codes);
    expect(codes).toContain('http://read.info/readv2|9Ndo.');
    expect(new Set(codes).size).toBe(codes.length);
  });
});

function sets(...value: readonly object[]): object {
  return { exclusionSets: { value, source: 'a test' } };
}
