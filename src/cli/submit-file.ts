import { faultsIn } from './record-body.ts';

/** Where and how to submit. */
export interface Submitting {
  /** FHIR base, without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string;
  /** Waits this many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Epoch milliseconds, for a Retry-After that is a date. */
  readonly now: () => number;
}

const ATTEMPTS_MAX = 6;
const TIMEOUT_MS = 60_000;
const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 60_000;

/**
 * Submits one `$submit-record` body: null when it was acknowledged, else why not, in words without
 * any content. 429, 503 and a connection that fails are tried again, up to six attempts in all,
 * after what Retry-After says (a minute at most) or else after twice as long each time.
 */
export async function submitBody(body: string, options: Submitting): Promise<string | null> {
  let failure = '';
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const answer = await send(body, options);
    if (answer.failure === null || !answer.again) return answer.failure;
    failure = answer.failure;
    const wait = answer.retryAfterMs ?? WAIT_FIRST_MS * 2 ** attempt;
    if (attempt < ATTEMPTS_MAX - 1) await options.sleep(Math.min(wait, WAIT_MAX_MS));
  }
  return `${failure} (tried ${ATTEMPTS_MAX} times)`;
}

interface Attempted {
  readonly failure: string | null;
  readonly again: boolean;
  readonly retryAfterMs: number | null;
}

async function send(body: string, options: Submitting): Promise<Attempted> {
  try {
    const answer = await fetch(`${options.baseUrl}/$submit-record`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${options.token}`,
        'content-type': 'application/fhir+json',
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answer.text();
    const failure = answer.ok ? null : [answer.status, ...faultsIn(text)].join(' ');
    const again = answer.status === 429 || answer.status === 503;
    return { failure, again, retryAfterMs: retryAfter(answer.headers, options.now()) };
  } catch (error) {
    return { failure: `no answer: ${reasonOf(error)}`, again: true, retryAfterMs: null };
  }
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds from now; null when neither. */
function retryAfter(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** `fetch` wraps what happened on the connection. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const { code, name } = cause as { readonly code?: string; readonly name?: string };
  return code ?? name ?? 'unknown';
}
