import { writeFile } from 'node:fs/promises';
import manifest from '../../package.json' with { type: 'json' };
import { openApi } from '../http/openapi.ts';
import { PUBLIC_ROUTES } from '../http/public-routes.ts';
import { FHIR_ROUTES } from '../http/route-table.ts';

/** Where the generated document is kept, from the project's root. */
export const OPENAPI_FILE = new URL('../../openapi/scr.json', import.meta.url);

const SEARCH_TERMINOLOGY = new URL('../domain/search/terminology.json', import.meta.url);
const VALIDATION = new URL('../domain/validation/', import.meta.url);

/** The OpenAPI document as it stands in `openapi/scr.json`. */
export function openApiText(): string {
  const document = openApi(FHIR_ROUTES, PUBLIC_ROUTES, manifest.version);
  return `${JSON.stringify(document, null, 2)}\n`;
}

const patientsAsked = process.argv.slice(2);
if (import.meta.main && patientsAsked.length > 0) {
  const { generatePatients } = await import('./generate-patients.ts');
  process.exitCode = await generatePatients(patientsAsked);
} else if (import.meta.main) {
  await writeFile(OPENAPI_FILE, openApiText());
  // The definitions of R4 are needed here alone: who only runs the server does not install them.
  const { generateSearch } = await import('./generate-search.ts');
  await generateSearch();
  const { validationTables } = await import('./generate-validation.ts');
  for (const [name, text] of Object.entries(validationTables())) {
    await writeFile(new URL(name, VALIDATION), text);
  }
  const { searchTerminologyText } = await import('./generate-terminology.ts');
  await writeFile(SEARCH_TERMINOLOGY, searchTerminologyText());
}
