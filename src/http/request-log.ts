import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import { isPublic } from './public-routes.ts';

/** How much is logged, and for whom. */
export interface LogOptions {
  /** A pino level. */
  readonly level: string;
  /** Lines for a person instead of JSON. */
  readonly readable: boolean;
  /** Where to; standard output unless given. */
  readonly stream?: DestinationStream;
}

/**
 * The logger of the process. INVARIANT: a line holds what is listed here and in `logAnswer` only.
 * Messages of errors are left out, since they may quote what somebody sent; their stack is kept.
 */
export function createLogger({ level, readable, stream }: LogOptions): Logger {
  const options = {
    level,
    base: { pid: process.pid },
    serializers: {
      err: describeError,
      req: ({ method }: FastifyRequest) => ({ method }),
      res: ({ statusCode }: FastifyReply) => ({ statusCode }),
    },
    hooks: { logMethod: withoutErrorMessages },
  };
  const destination =
    stream ?? (readable ? pretty({ ignore: 'pid,hostname', singleLine: true }) : undefined);
  return pino(options, destination ?? severalAtOnce(pino.destination({ fd: 1, sync: true })));
}

/** Under load a system call for each line would cost more than the line. */
const LINES_TOGETHER_MS = 20;

/** Writes the lines of some milliseconds at once. When the process ends, nothing is left over. */
function severalAtOnce(destination: DestinationStream): DestinationStream {
  let waiting = '';
  const flush = (): void => {
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    destination.write(lines);
  };
  process.on('exit', flush);
  return {
    write(line) {
      if (waiting === '') setTimeout(flush, LINES_TOGETHER_MS).unref();
      waiting += line;
    },
  };
}

/** Turns off the framework's own line per request, which holds the URL. */
export function frameworkLog(): LogController {
  return new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' });
}

/**
 * One line per request, when it has been answered: never URL, query, body, name or number. What
 * machines ask for all the time (health, measurements) is for debugging only.
 */
export function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { template } = request;
  const level = isPublic(request.method, template) ? 'debug' : 'info';
  request.log[level](
    {
      requestId: request.id,
      method: request.method,
      route: template ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      role: request.caller?.role,
      organization: request.caller?.organization,
    },
    'answered',
  );
}

interface ErrorLine {
  readonly type: string;
  readonly code?: string;
  readonly stack: readonly string[];
  readonly cause?: ErrorLine;
}

/** An error by its type, code and place: all that surely holds no content. */
export function describeError(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, stack: [] };
  const { code } = error as { readonly code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code: String(code) } : {}),
    stack: framesOf(error),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

function framesOf({ stack }: Error): readonly string[] {
  const lines = (stack ?? '').split('\n').map((line) => line.trim());
  return lines.filter((line) => /^at .*[(/].*:\d+:\d+\)?$/.test(line));
}

/** The framework logs `error.message` as the line's message in places; here it becomes the name. */
function withoutErrorMessages(this: Logger, args: unknown[], method: (...args: unknown[]) => void) {
  const [first, second, ...rest] = args;
  const error = errorIn(first);
  if (error === null) method.apply(this, args);
  else if (first === error) method.call(this, { err: error }, error.name);
  else if (second === undefined || second === error.message) {
    method.call(this, first, error.name, ...rest);
  } else method.apply(this, args);
}

function errorIn(value: unknown): Error | null {
  if (value instanceof Error) return value;
  const { err } = (value ?? {}) as { readonly err?: unknown };
  return err instanceof Error ? err : null;
}
