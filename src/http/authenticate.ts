import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../domain/access/caller.ts';
import { type Problem, problem } from '../domain/problem.ts';
import { fail, type Result } from '../domain/result.ts';
import type { Context } from '../interactions/context.ts';
import { recordFailedAuthentication } from '../interactions/record-failed-authentication.ts';
import type { TokenVerifier } from '../ports/token-verifier.ts';
import { sendProblem } from './outcome.ts';
import { isPublic } from './public-routes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling; null on public routes and until the token was verified. */
    caller: Caller | null;
  }
}

const NO_TOKEN = problem('unauthenticated', 'login', 'A bearer token is needed.');
const BAD_HEADER: Problem = {
  ...problem('unauthenticated', 'login', 'The Authorization header is not `Bearer [token]`.'),
  challenge: 'invalid_request',
};

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/**
 * A hook that finds out who is calling, for every route that is not listed as public. A failure is
 * in the audit log before the answer leaves; when it cannot be written, the answer is 503.
 */
export function authentication(context: Context, verifier: TokenVerifier): Hook {
  return (request, reply, done) => {
    if (request.template === null || isPublic(request.method, request.template)) return done();
    const known = verifier.recall(presented(request));
    if (known !== null) {
      request.caller = known;
      return done();
    }
    // Fastify goes on when `done` is called, and never does where an answer was sent instead.
    identify(context, verifier, request, reply).then((caller) => {
      if (caller === null) return;
      request.caller = caller;
      done();
    }, done);
  };
}

/** What stands behind `Bearer `, whatever it looks like: what is looked up was checked before. */
function presented({ headers: { authorization } }: FastifyRequest): string {
  return authorization?.startsWith(BEARER) ? authorization.slice(BEARER.length) : '';
}

const BEARER = 'Bearer ';

async function identify(
  context: Context,
  verifier: TokenVerifier,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Caller | null> {
  const caller = await callerOf(request, verifier);
  if (caller.ok) return caller.value;
  await recordFailedAuthentication(context, {
    requestId: request.id,
    target: request.url,
    problem: caller.problem,
  });
  sendProblem(reply, caller.problem);
  return null;
}

async function callerOf(request: FastifyRequest, verifier: TokenVerifier): Promise<Result<Caller>> {
  const { authorization } = request.headers;
  if (authorization === undefined) return fail(NO_TOKEN);
  const token = bearerToken(authorization);
  return token === null ? fail(BAD_HEADER) : verifier.verify(token);
}

/** The token of an Authorization header (RFC 6750, section 2.1), null when it has another form. */
function bearerToken(header: string): string | null {
  return /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(header.trim())?.[1] ?? null;
}
