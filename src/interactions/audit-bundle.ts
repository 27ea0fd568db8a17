import { asAuditEvent } from '../domain/audit/as-audit-event.ts';
import { shownName } from '../domain/audit/audit-parameters.ts';
import type { AuditSearch } from '../domain/audit/audit-search.ts';
import type { AuditView } from '../domain/audit/audit-view.ts';
import type { ShownEntry } from '../domain/audit/entry.ts';
import { OUTCOME_URL } from '../domain/fhir/bundle.ts';
import { type JsonObject, writeJson } from '../domain/fhir/json.ts';
import { queryText } from '../domain/search/query-text.ts';
import { shapedAs } from '../domain/search/read-shape.ts';

/**
 * A page of the log as a searchset Bundle, UTF-8. `cursor` is where the next page begins, null on
 * the last one; `words` say an entry to who does not read codes. Parameters that were left out of
 * account are named in an OperationOutcome, and are missing from the `self` link.
 */
export function auditBundle(
  baseUrl: string,
  search: AuditSearch,
  entries: readonly ShownEntry[],
  cursor: string | null,
  words: AuditView['words'],
): Uint8Array {
  const eventOf = (each: ShownEntry) => asAuditEvent(each, { baseUrl }, words(each));
  const entry = [
    ...entries.map((each) => match(shapedAs(eventOf(each), search.shape), baseUrl)),
    ...(search.ignored.length === 0 ? [] : [outcomeOf(search.ignored)]),
  ];
  const bundle: JsonObject = {
    resourceType: 'Bundle',
    type: 'searchset',
    link: linksOf(baseUrl, search, cursor),
    entry: entry.length === 0 ? undefined : entry,
  };
  return new TextEncoder().encode(writeJson(bundle));
}

function match(resource: JsonObject, baseUrl: string): JsonObject {
  const fullUrl = `${baseUrl}/AuditEvent/${resource.id}`;
  return { fullUrl, resource, search: { mode: 'match' } };
}

function outcomeOf(ignored: readonly string[]): JsonObject {
  const issue = ignored.map((name) => ({
    severity: 'warning',
    code: 'not-supported',
    diagnostics: `Parameter ${shownName(name)}: it is not known, and was left out of account.`,
  }));
  const resource = { resourceType: 'OperationOutcome', issue };
  return { fullUrl: OUTCOME_URL, resource, search: { mode: 'outcome' } };
}

function linksOf(baseUrl: string, { used }: AuditSearch, cursor: string | null): JsonObject[] {
  const self = { relation: 'self', url: addressOf(baseUrl, used) };
  if (cursor === null) return [self];
  const onwards = used.filter(([name]) => name !== '_cursor');
  const next = addressOf(baseUrl, [...onwards, ['_cursor', cursor]]);
  return [self, { relation: 'next', url: next }];
}

function addressOf(baseUrl: string, parameters: AuditSearch['used']): string {
  const query = queryText(parameters);
  return `${baseUrl}/AuditEvent${query === '' ? '' : `?${query}`}`;
}
