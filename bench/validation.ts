import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JsonObject } from '../src/domain/fhir/json.ts';
import { parseJson } from '../src/domain/fhir/json.ts';
import { type Spread, spreadOf } from './statistics.ts';

/**
 * How fast content is validated: `node bench/validation.ts`. Prints rates and asserts none. Rates
 * are by CPU time, so that others' work on the machine counts little.
 */
const EXAMPLES = resolve(import.meta.dirname, '../profiles/examples');
const ROUNDS = 7;
const ROUND_US = 700_000;
const BUNDLE_ENTRIES = 48;
const SUBMISSION = 'https://scr.example/fhir/StructureDefinition/scr-submission';

const startedAt = process.cpuUsage();
const { validate } = await import('../src/domain/validation/validate.ts');
const statement = example('MedicationStatement-medication-statement');
validate(statement);
const loadedAfter = process.cpuUsage(startedAt);

const bundle = bundleOf(BUNDLE_ENTRIES);
report('MedicationStatement', statement);
report('AllergyIntolerance', example('AllergyIntolerance-allergy'));
report('Patient', example('Patient-patient'));
report(`Bundle of ${BUNDLE_ENTRIES} entries`, bundle, SUBMISSION);
console.log(`load and first validation: ${inMs(loadedAfter)} ms of CPU`);

function report(name: string, resource: JsonObject, profile?: string): void {
  const options = profile === undefined ? {} : { profile };
  const issues = validate(resource, options);
  if (issues.length > 0) throw new Error(`${name} is not valid: ${issues[0]?.expression}`);
  const text = JSON.stringify(resource);
  const checked = ratePerSecond(() => validate(resource, options));
  const parsed = ratePerSecond(() => parseJson(text));
  console.log(
    `${name} (${(text.length / 1024).toFixed(1)} KB): ${words(checked)} validated,`,
    `${words(parsed)} parsed, per second of CPU`,
  );
}

function ratePerSecond(work: () => unknown): Spread {
  round(work);
  return spreadOf(Array.from({ length: ROUNDS }, () => round(work)));
}

function round(work: () => unknown): number {
  const before = process.cpuUsage();
  let count = 0;
  let usedUs = 0;
  while (usedUs < ROUND_US) {
    for (let n = 0; n < 20; n += 1) work();
    count += 20;
    const { user, system } = process.cpuUsage(before);
    usedUs = user + system;
  }
  return (count * 1_000_000) / usedUs;
}

function words({ median, least, most }: Spread): string {
  const [middle, low, high] = [median, least, most].map((rate) => Math.round(rate));
  return `${middle} (${low} to ${high})`;
}

function inMs({ user, system }: NodeJS.CpuUsage): string {
  return ((user + system) / 1_000).toFixed(0);
}

function example(name: string): JsonObject {
  const parsed = parseJson(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8'));
  if (!parsed.ok) throw new Error(`${name} is not JSON`);
  return parsed.value as JsonObject;
}

/** Our example of a submission, its clinical entries repeated until there are so many. */
function bundleOf(entries: number): JsonObject {
  const submission = example('Bundle-submission');
  const [patient, ...others] = submission.entry as readonly JsonObject[];
  const entry = Array.from({ length: entries - 1 }, (_, index) => {
    const { resource } = others[index % others.length] as { readonly resource: JsonObject };
    const id = `e-${index}`;
    const { resourceType } = resource;
    const fullUrl = `https://practice.example/fhir/${resourceType}/${id}`;
    return { fullUrl, resource: { ...resource, id } };
  });
  return { ...submission, entry: [patient as JsonObject, ...entry] };
}
