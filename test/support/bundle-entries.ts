import type { LightMyRequestResponse } from 'fastify';
import { anAllergy, aStatement, NHS } from './bundles.ts';

/** One entry of a batch or transaction. */
export interface Entry {
  readonly request?: object;
  readonly resource?: object;
  readonly fullUrl?: string;
}

/** What the answer says of one entry. */
export interface EntryResponse {
  readonly status: string;
  readonly location?: string;
  readonly etag?: string;
  readonly outcome?: { readonly issue: readonly { readonly diagnostics: string }[] };
}

/** A Bundle of a type. */
export const bundle = (type: string, entry: readonly Entry[], more: object = {}) => ({
  resourceType: 'Bundle',
  type,
  ...more,
  entry,
});
/** An entry that creates a resource. */
export const posting = (resource: object, more: object = {}, fullUrl?: string): Entry => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url: (resource as { resourceType: string }).resourceType, ...more },
});
/** An entry that updates by a URL. */
export const putting = (url: string, resource: object, more: object = {}): Entry => ({
  resource,
  request: { method: 'PUT', url, ...more },
});
/** An entry without a resource. */
export const asking = (method: string, url: string, more: object = {}): Entry => ({
  request: { method, url, ...more },
});
/** What an answer says of each entry. */
export const responses = (answer: LightMyRequestResponse): EntryResponse[] =>
  (answer.json().entry ?? []).map((entry: { response: EntryResponse }) => entry.response);
/** The status of each entry. */
export const statuses = (answer: LightMyRequestResponse): string[] =>
  responses(answer).map(({ status }) => status);
/** The id in the location of one entry. */
export const idAt = (answer: LightMyRequestResponse, index: number): string =>
  /\/([^/]+)\/_history\//.exec(responses(answer)[index]?.location ?? '')?.[1] ?? '';

/** Entries about one patient, named by NHS number. */
export function entriesAbout(nhsNumber: string) {
  const subject = { identifier: { system: NHS, value: nhsNumber } };
  return {
    statement: (identifier: string, more: object = {}) => ({
      ...aStatement(identifier),
      id: undefined,
      subject,
      ...more,
    }),
    allergy: (identifier: string, more: object = {}) => ({
      ...anAllergy(identifier),
      id: undefined,
      patient: subject,
      ...more,
    }),
  };
}
