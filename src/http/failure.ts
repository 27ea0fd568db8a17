import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { BODY_BYTES_MAX } from '../domain/limits.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { StoreUnavailable } from '../ports/store.ts';
import { sendProblem } from './outcome.ts';

const RETRY_AFTER_SECONDS = 5;
const BYTES_PER_MIB = 1024 * 1024;

/** What the framework refuses by itself, as problems of ours. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, Problem>> = {
  FST_ERR_BAD_URL: problem('malformed', 'invalid', 'The URL has a bad percent-encoding.'),
  FST_ERR_MAX_PARAM_LENGTH: problem('not-found', 'not-found', 'There is no such resource.'),
  FST_ERR_CTP_BODY_TOO_LARGE: problem(
    'too-large',
    'too-long',
    `The body is larger than ${BODY_BYTES_MAX / BYTES_PER_MIB} MiB.`,
  ),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problem(
    'malformed',
    'invalid',
    'The body is not as long as Content-Length says.',
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problem(
    'unsupported-media',
    'not-supported',
    'The Content-Type is not supported.',
  ),
  // The caller went away while sending: nobody reads this answer.
  ECONNRESET: problem('malformed', 'invalid', 'The request ended early.'),
};

/**
 * Answers for what was thrown. A store that is unavailable is a 503; anything that we did not
 * foresee is a bug: a 500 that says nothing but the request id, and a line in the log.
 */
export function answerFailure(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof StoreUnavailable) {
    request.log.error({ requestId: request.id, err: error }, 'the store is unavailable');
    return sendProblem(reply, unavailable());
  }
  const known = FRAMEWORK_PROBLEMS[error.code ?? ''];
  if (known !== undefined) return sendProblem(reply, known);
  request.log.error({ requestId: request.id, err: error }, 'unexpected error');
  return sendProblem(reply, unexpected(request.id));
}

/** What is answered when the store cannot be used. */
export function unavailable(): Problem {
  const words = 'The store cannot be used now: nothing was disclosed or changed by this answer.';
  return {
    ...problem('unavailable', 'transient', words),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  };
}

function unexpected(requestId: string): Problem {
  const words = `The server failed unexpectedly. Quote request id ${requestId} to its operator.`;
  return problem('unexpected', 'exception', words);
}
