import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SEED_DIRECTORY } from '../../src/cli/seed-data.ts';
import { walkObjects } from '../../src/domain/fhir/elements.ts';
import { parseJson } from '../../src/domain/fhir/json.ts';

const SNOMED = /^(http:\/\/snomed\.info\/sct|https:\/\/dmd\.nhs\.uk)$/;
const FILES = ['records', 'consents', 'try-it'].flatMap((folder) =>
  readdirSync(join(SEED_DIRECTORY, folder)).map((name) => `${folder}/${name}`),
);

interface Coded {
  readonly system: string;
  readonly code: string;
  readonly display?: unknown;
}

const codes = FILES.flatMap((file) => objectsIn(file)).flatMap(codedOf);

describe('the codes of the demonstration data', () => {
  test('are, of SNOMED CT and dm+d, concept ids with a valid check digit', () => {
    const ids = [
      ...new Set(codes.filter(({ system }) => SNOMED.test(system)).map((it) => it.code)),
    ];
    expect(ids.length).toBeGreaterThan(50);
    expect(ids.filter((id) => !isConceptId(id))).toEqual([]);
  });

  test('have one display each', () => {
    const displays = new Map<string, Set<unknown>>();
    for (const { system, code, display } of codes) {
      if (display === undefined) continue;
      const known = displays.get(`${system}|${code}`) ?? new Set();
      displays.set(`${system}|${code}`, known.add(display));
    }
    expect([...displays].filter(([, known]) => known.size > 1)).toEqual([]);
  });

  test('are checked by a check that finds a mistyped digit and two that changed places', () => {
    expect(['44054006', '822851000000102'].every(isConceptId)).toBe(true);
    expect(['44054007', '44504006', '44054061'].some(isConceptId)).toBe(false);
  });
});

test('an attachment without content says in what language it is', () => {
  const attachments = FILES.flatMap((file) =>
    objectsIn(file)
      .filter(({ resourceType }) => resourceType === 'Consent')
      .flatMap(({ sourceAttachment }) => sourceAttachment ?? []),
  );
  expect(attachments.length).toBeGreaterThan(20);
  for (const each of attachments) expect(each).toMatchObject({ language: 'en-GB' });
});

function objectsIn(file: string): Record<string, unknown>[] {
  const read = parseJson(readFileSync(join(SEED_DIRECTORY, file), 'utf8'));
  if (!read.ok) throw new Error(`${file} is not JSON`);
  const found: Record<string, unknown>[] = [];
  walkObjects(read.value, (each) => found.push(each));
  return found;
}

function codedOf({ system, code, display }: Record<string, unknown>): readonly Coded[] {
  if (typeof system !== 'string' || typeof code !== 'string') return [];
  return [{ system, code, display }];
}

/** The check digit of Verhoeff (SNOMED CT Release File Specification, 6.2), in a concept id. */
function isConceptId(id: string): boolean {
  if (!/^[1-9]\d{5,17}$/.test(id) || !/[01]0\d$/.test(id)) return false;
  const sum = [...id].reverse().reduce((check, digit, place) => {
    return multiply(check, permute(Number(digit), place));
  }, 0);
  return sum === 0;
}

/** Multiplication in the dihedral group of ten elements. */
function multiply(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b) % 5) + 5;
  return b < 5 ? ((a - b) % 5) + 5 : (a - b + 5) % 5;
}

function permute(digit: number, times: number): number {
  const once = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  let permuted = digit;
  for (let time = 0; time < times % 8; time++) permuted = once[permuted] ?? 0;
  return permuted;
}
