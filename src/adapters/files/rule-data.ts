import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleData } from '../../domain/consent/rule-data.ts';

const FILE = 'rules.json';

/**
 * Loads `rules.json` of a directory, once, before anything is decided by it. Rejects, naming what is
 * wrong, when a value is missing or has another shape: rules that are not understood decide nothing.
 */
export async function loadRuleData(directory: string): Promise<RuleData> {
  const path = join(directory, FILE);
  const file: unknown = JSON.parse(await readFile(path, 'utf8'));
  return {
    acuteMonths: positive(file, 'acuteMonths'),
    discontinuedMonths: positive(file, 'discontinuedMonths'),
    claimHours: positive(file, 'claimHours'),
    sensitiveCodes: codes(file, 'sensitiveCodes'),
  };
}

function positive(file: unknown, name: string): number {
  const value = settingIn(file, name);
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new Error(`${FILE}: ${name} must be a whole number above 0`);
}

function codes(file: unknown, name: string): ReadonlySet<string> {
  const value = settingIn(file, name);
  if (Array.isArray(value) && value.every(isCode)) return new Set(value);
  throw new Error(`${FILE}: ${name} must be a list of texts of the form system|code`);
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[^|\s]+\|[^|\s]+$/.test(value);
}

/** Each rule stands in the file as `{"value", "source"}`. */
function settingIn(file: unknown, name: string): unknown {
  if (typeof file !== 'object' || file === null || !Object.hasOwn(file, name)) {
    throw new Error(`${FILE}: ${name} is missing`);
  }
  const rule = (file as Readonly<Record<string, unknown>>)[name];
  return (rule as { readonly value?: unknown } | null)?.value;
}
