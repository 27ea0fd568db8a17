import { walkObjects } from '../fhir/elements.ts';
import type { JsonObject } from '../fhir/json.ts';
import { unversioned } from '../fhir/references.ts';
import type { SummaryEntry } from './summary-entry.ts';

/**
 * The entries that a Composition leads to, itself or through others, in the order given. A document
 * holds these and no more (http://hl7.org/fhir/R4/documents.html#content). `baseUrl` is what
 * relative references start from.
 */
export function reachable(
  composition: SummaryEntry,
  entries: readonly SummaryEntry[],
  baseUrl: string,
): readonly SummaryEntry[] {
  const unmet = new Map(entries.map((entry) => [entry.fullUrl, entry]));
  const met = [composition];
  // The list grows while it is gone through.
  for (const { resource } of met) {
    for (const reference of referencesIn(resource)) {
      const url = reference.includes(':') ? reference : `${baseUrl}/${reference}`;
      const entry = unmet.get(unversioned(url));
      if (entry === undefined) continue;
      unmet.delete(entry.fullUrl);
      met.push(entry);
    }
  }
  return entries.filter(({ fullUrl }) => !unmet.has(fullUrl));
}

function referencesIn(resource: JsonObject): readonly string[] {
  const found: string[] = [];
  walkObjects(resource, ({ reference }) => {
    if (typeof reference === 'string') found.push(reference);
  });
  return found;
}
