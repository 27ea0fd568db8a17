import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleData } from '../../domain/consent/rule-data.ts';
import { POLICIES } from '../../domain/record/choice.ts';

const FILE = 'rules.json';

/** What each setting of the file may be; `value` is what stands under `value`. */
const CHECKS: Readonly<Record<string, (value: unknown, at: string) => readonly string[]>> = {
  acuteMonths: wholeNumberUpTo(1200),
  discontinuedMonths: wholeNumberUpTo(1200),
  claimHours: wholeNumberUpTo(8760),
  documentHours: wholeNumberUpTo(8760),
  exclusionSets: setsOfCodes(() => []),
  preferenceCodes: setsOfCodes(policyFaults),
};

type Settings = Readonly<Record<string, Setting>>;
type Setting = { readonly value?: unknown; readonly source?: unknown };
type CodeSet = Readonly<Record<string, unknown>>;

/**
 * Loads `rules.json` of a directory, once, before anything is decided by it. Rejects with one line
 * for each fault, since rules that are not understood decide nothing: a setting that is missing,
 * unknown or of another shape, a source that is not named, a code that is not `system|code`.
 */
export async function loadRuleData(directory: string): Promise<RuleData> {
  const settings = settingsIn(await readFile(join(directory, FILE), 'utf8'));
  const faults = faultsOf(settings);
  if (faults.length > 0) throw new Error(faults.map((fault) => `${FILE}: ${fault}`).join('\n'));
  return {
    acuteMonths: Number(settings.acuteMonths?.value),
    discontinuedMonths: Number(settings.discontinuedMonths?.value),
    claimHours: Number(settings.claimHours?.value),
    documentHours: Number(settings.documentHours?.value),
    sensitiveCodes: new Set(codeSets(settings.exclusionSets?.value).flatMap(codesOf)),
  };
}

function settingsIn(text: string): Settings {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${FILE}: it is not JSON`, { cause });
  }
  if (isRow(file)) return file as Settings;
  throw new Error(`${FILE}: it must be an object of settings`);
}

function faultsOf(settings: Settings): readonly string[] {
  const unknown = Object.keys(settings).filter((name) => !Object.hasOwn(CHECKS, name));
  return [
    ...unknown.map((name) => `${name} is not a setting that this server knows`),
    ...Object.entries(CHECKS).flatMap(([name, check]) => {
      const setting = settings[name];
      if (!isRow(setting)) return [`${name} is missing`];
      const source = isText(setting.source) ? [] : [`${name}.source must say where it comes from`];
      return [...source, ...check(setting.value, `${name}.value`)];
    }),
  ];
}

function wholeNumberUpTo(most: number): (value: unknown, at: string) => readonly string[] {
  return (value, at) => {
    const fits = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most;
    return fits ? [] : [`${at} must be a whole number from 1 to ${most}`];
  };
}

/** A list of `{id, title, source, codes}`; `more` checks what else a row has. */
function setsOfCodes(
  more: (set: CodeSet, at: string) => readonly string[],
): (value: unknown, at: string) => readonly string[] {
  return (value, at) => {
    if (!Array.isArray(value)) return [`${at} must be a list`];
    const ids = value.map((each) => (isRow(each) ? each.id : undefined));
    return value.flatMap((each, index) => {
      const place = `${at}[${index}]`;
      if (!isRow(each)) return [`${place} must be an object`];
      const again = isText(each.id) && ids.indexOf(each.id) < index;
      return [
        ...['id', 'title', 'source']
          .filter((name) => !isText(each[name]))
          .map((name) => `${place}.${name} must be a text`),
        ...(again ? [`${place}.id is used twice`] : []),
        ...codeFaults(each.codes, `${place}.codes`),
        ...more(each, place),
      ];
    });
  };
}

function codeFaults(codes: unknown, at: string): readonly string[] {
  if (!Array.isArray(codes)) return [`${at} must be a list`];
  return codes.flatMap((code, index) =>
    typeof code === 'string' && /^[^|\s]+\|[^|\s]+$/.test(code)
      ? []
      : [`${at}[${index}] must be a text of the form system|code`],
  );
}

function policyFaults({ policy }: CodeSet, at: string): readonly string[] {
  const known = policy === null || POLICIES.some((each) => each === policy);
  return known ? [] : [`${at}.policy must be null or one of ${POLICIES.join(', ')}`];
}

function codeSets(value: unknown): readonly CodeSet[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

function codesOf({ codes }: CodeSet): readonly string[] {
  return Array.isArray(codes) ? codes.map(String) : [];
}

function isRow(value: unknown): value is CodeSet {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
