import type { Released } from '../interactions/released.ts';
import type { FhirRequest } from './route.ts';

/**
 * Whether the caller already has what would be sent: `If-None-Match`, or else `If-Modified-Since`
 * (http://hl7.org/fhir/R4/http.html#cread, RFC 9110 section 13.1). Asked of what was released, so
 * that it was disclosed and audited like any other read. What takes from other resources is always
 * sent: they may have changed since.
 */
export function isNotModified(
  request: Pick<FhirRequest, 'headers'> & { readonly method: string },
  released: Released,
): boolean {
  const { versionId, lastUpdated, isComposed = false } = released;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (versionId === undefined || lastUpdated === undefined || isComposed) return false;
  const tags = request.headers['if-none-match'];
  if (tags !== undefined) return namesVersion(tags, versionId);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  // HTTP dates have no milliseconds.
  return Math.floor(Date.parse(lastUpdated) / 1000) * 1000 <= since;
}

function namesVersion(tags: string, versionId: string): boolean {
  if (tags.trim() === '*') return true;
  const opaque = tags.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return opaque.includes(`"${versionId}"`);
}
