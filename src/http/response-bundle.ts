import { STATUS_CODES } from 'node:http';
import type { Answer } from '../interactions/released.ts';
import { informationalOutcome } from './outcome.ts';
import type { ReturnPreference } from './prefer.ts';

/** The answer to one entry of a batch or transaction. */
export interface ResponseEntry {
  readonly status: number;
  readonly location?: string;
  readonly etag?: string;
  /** An instant. */
  readonly lastModified?: string;
  /** UTF-8 JSON in pieces; empty for none. */
  readonly resource: readonly Uint8Array[];
  /** An OperationOutcome as JSON text; null for none. */
  readonly outcome: string | null;
}

/** The statuses of answers. */
export const ANSWER_STATUS: Readonly<Record<Answer['status'], number>> = {
  ok: 200,
  created: 201,
  'no-content': 204,
};

/** An answer as an entry; of a change that succeeded it holds what the caller prefers. */
export function entryOf(answer: Answer, baseUrl: string, returns: ReturnPreference): ResponseEntry {
  const { status, body, versionId, lastUpdated, location } = answer;
  const version = versionId === undefined ? '' : `/_history/${versionId}`;
  return {
    status: ANSWER_STATUS[status],
    ...(location === undefined ? {} : { location: `${baseUrl}/${location}${version}` }),
    ...(versionId === undefined ? {} : { etag: `W/"${versionId}"` }),
    ...(lastUpdated === undefined ? {} : { lastModified: lastUpdated }),
    resource: returns === 'representation' ? body : [],
    outcome: returns === 'OperationOutcome' ? informationalOutcome(answer.status) : null,
  };
}

/**
 * Writes the answer to a batch or transaction
 * (http://hl7.org/fhir/R4/http.html#transaction-response) in pieces of UTF-8: stored texts are
 * passed on as they are.
 */
export function writeResponseBundle(
  type: 'batch-response' | 'transaction-response',
  entries: readonly ResponseEntry[],
): readonly Uint8Array[] {
  const head = `{"resourceType":"Bundle","type":"${type}"`;
  if (entries.length === 0) return [ENCODER.encode(`${head}}`)];
  const pieces: Uint8Array[] = [];
  let between = `${head},"entry":[`;
  for (const entry of entries) {
    const response = `"response":${responseOf(entry)}`;
    if (entry.resource.length === 0) pieces.push(ENCODER.encode(`${between}{${response}`));
    else {
      pieces.push(ENCODER.encode(`${between}{"resource":`), ...entry.resource);
      pieces.push(ENCODER.encode(`,${response}`));
    }
    between = '},';
  }
  pieces.push(ENCODER.encode('}]}'));
  return pieces;
}

function responseOf({ status, location, etag, lastModified, outcome }: ResponseEntry): string {
  const fields = JSON.stringify({
    status: `${status} ${STATUS_CODES[status] ?? ''}`.trim(),
    location,
    etag,
    lastModified,
  });
  return outcome === null ? fields : `${fields.slice(0, -1)},"outcome":${outcome}}`;
}

const ENCODER = new TextEncoder();
