import type { DisclosedEntry, DisclosedRecord } from '../domain/consent/disclosed.ts';
import { isObject, type Json, parseJson } from '../domain/fhir/json.ts';
import type { RecordQuery } from '../domain/fhir/record-query.ts';
import { unversioned } from '../domain/fhir/references.ts';
import type { IncludeParameter } from '../domain/fhir/search-parameters.ts';

/**
 * The entries that `_include` adds to the matches (http://hl7.org/fhir/R4/search.html#include), each
 * once, in the record's order. Only what was disclosed can be reached: a reference to anything else
 * leads nowhere here.
 */
export function includedEntries(
  view: DisclosedRecord,
  matches: readonly DisclosedEntry[],
  texts: readonly Uint8Array[],
  includes: RecordQuery['includes'],
): readonly DisclosedEntry[] {
  if (includes !== '*' && includes.length === 0) return [];
  const matched = new Set(matches.map((entry) => entry.id));
  const wanted =
    includes === '*'
      ? new Set(matches.flatMap((entry) => [...entry.refs, view.patientId]))
      : new Set(texts.flatMap((text) => idsReferredTo(text, includes)));
  return view.entries.filter((entry) => wanted.has(entry.id) && !matched.has(entry.id));
}

function idsReferredTo(text: Uint8Array, includes: readonly IncludeParameter[]): readonly string[] {
  const parsed = parseJson(DECODER.decode(text));
  if (!parsed.ok) throw new Error('INVARIANT: stored text is JSON');
  return includes.flatMap(({ element, targets }) =>
    referencesAt(parsed.value, element.split('.'))
      .map((reference) => unversioned(reference).split('/'))
      .filter(([type]) => targets.some((target) => target === type))
      .map(([, id]) => id ?? ''),
  );
}

function referencesAt(value: Json | undefined, path: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => referencesAt(each, path));
  if (!isObject(value)) return [];
  const [name, ...rest] = path;
  if (name !== undefined) return referencesAt(value[name], rest);
  return typeof value.reference === 'string' ? [value.reference] : [];
}

const DECODER = new TextDecoder();
