import { JSON_DEPTH_MAX } from '../../limits.ts';
import { problem } from '../../problem.ts';
import { fail, type Result, succeed } from '../../result.ts';
import { textAt } from '../elements.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';
import { applyJsonPatch } from './json-patch.ts';
import { malformedPatch, unfitPatch } from './patch-faults.ts';
import { isList, isTooDeep } from './place.ts';

/** A change to one resource (http://hl7.org/fhir/R4/http.html#patch), in either of its forms. */
export type Patch =
  | { readonly kind: 'json'; readonly operations: readonly Json[] }
  | { readonly kind: 'fhirpath'; readonly parameters: JsonObject };

/**
 * Reads a patch: a JSON Patch is a list, or a Binary that holds one (as entries of a Bundle do), a
 * FHIRPath Patch is a Parameters resource. `malformed` when it is neither.
 */
export function readPatch(body: Json): Result<Patch> {
  if (isList(body)) return succeed({ kind: 'json', operations: body });
  if (isObject(body) && body.resourceType === 'Parameters') {
    return succeed({ kind: 'fhirpath', parameters: body });
  }
  if (isObject(body) && body.resourceType === 'Binary') return readBinary(body);
  return malformedPatch(null, 'A JSON Patch, or Parameters with a FHIRPath Patch, is expected.');
}

/** Applies a patch to a resource, whose type and id it cannot change. Fails as its form does. */
export function applyPatch(resource: JsonObject, patch: Patch): Result<JsonObject> {
  const patched =
    patch.kind === 'json'
      ? applyJsonPatch(resource, patch.operations)
      : applyFhirPathPatch(resource, patch.parameters);
  if (!patched.ok) return patched;
  const { value } = patched;
  const same = isObject(value) && value.resourceType === resource.resourceType;
  if (!same || value.id !== resource.id) {
    return unfitPatch(null, 'A patch cannot change the type or the id of a resource.');
  }
  if (isTooDeep(value, JSON_DEPTH_MAX)) return unfitPatch(null, 'The resource nests too deeply.');
  return succeed(value);
}

function readBinary(binary: JsonObject): Result<Patch> {
  const type = textAt(binary, 'contentType') ?? '';
  const bytes = /^application\/json-patch\+json\b/.test(type) ? bytesIn(binary) : null;
  if (bytes === null) {
    return malformedPatch(null, 'The Binary must be application/json-patch+json in base64.');
  }
  const text = textOf(bytes);
  if (!text.ok) return text;
  const body = parseJson(text.value);
  if (!body.ok) return body;
  return isList(body.value) ? readPatch(body.value) : malformedPatch(null, 'It is not a list.');
}

function bytesIn(binary: JsonObject): Uint8Array | null {
  // FHIR's base64Binary may hold blanks; `atob` throws on what is not base64.
  const data = (textAt(binary, 'data') ?? '').replace(/\s/g, '');
  if (data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return null;
  return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
}

function textOf(bytes: Uint8Array): Result<string> {
  try {
    return succeed(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return fail(problem('malformed', 'structure', 'The patch is not UTF-8.'));
  }
}
