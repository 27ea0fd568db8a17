import { problem } from '../domain/problem.ts';
import type { Store } from '../ports/store.ts';
import { sendProblem } from './outcome.ts';
import type { PublicHandler } from './route.ts';

const PING_LIMIT_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;

/** The process runs: nothing else is looked at, so that a dead store does not get it restarted. */
export const live: PublicHandler = async (_request, reply) => reply.send({ status: 'alive' });

/** The store answers within the limit; else 503, so that requests are sent elsewhere. */
export function ready(store: Pick<Store, 'ping'>, limitMs = PING_LIMIT_MS): PublicHandler {
  return async (request, reply) => {
    try {
      await withinLimit(store.ping(), limitMs);
      return reply.send({ status: 'ready' });
    } catch (error) {
      request.log.warn({ requestId: request.id, err: error }, 'the store does not answer');
      return sendProblem(reply, {
        ...problem('unavailable', 'transient', 'The store does not answer.'),
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
  };
}

async function withinLimit(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within the limit')), limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
