/**
 * The comparisons that R4 defines for ordered values (http://hl7.org/fhir/R4/search.html#prefix).
 */
export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

const PREFIXES: readonly string[] = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'];

/** Parts a value from its prefix, `eq` where there is none; null for a prefix that is none. */
export function readPrefix(text: string): { prefix: Prefix; rest: string } | null {
  const found = LETTERS.exec(text)?.[0];
  if (found === undefined) return { prefix: 'eq', rest: text };
  if (!PREFIXES.includes(found)) return null;
  return { prefix: found as Prefix, rest: text.slice(found.length) };
}

const LETTERS = /^[A-Za-z]+/;
