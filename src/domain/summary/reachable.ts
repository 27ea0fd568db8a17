import type { SummaryPart } from './summary-part.ts';

/**
 * The parts that a Composition leads to, itself or through others, in the order given. A document
 * holds these and no more (http://hl7.org/fhir/R4/documents.html#content). `from` are the URLs that
 * the Composition refers to.
 */
export function reachable(
  from: readonly string[],
  parts: readonly SummaryPart[],
): readonly SummaryPart[] {
  const unmet = new Map(parts.map((part) => [part.fullUrl, part]));
  const waiting = [...from];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    const part = unmet.get(url);
    if (part === undefined) continue;
    unmet.delete(url);
    for (const reference of part.references) waiting.push(reference);
  }
  return unmet.size === 0 ? parts : parts.filter(({ fullUrl }) => !unmet.has(fullUrl));
}
