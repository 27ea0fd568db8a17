import type { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createLogger, describeError } from '../../src/http/request-log.ts';

const SECRET = 'Ada Example 9449305552';

function logging(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const stream: pino.DestinationStream = { write: (line) => void lines.push(line) };
  write(createLogger({ level: 'trace', readable: false, stream }));
  return lines.join('');
}

describe('the log', () => {
  test('holds the type, code and place of an error, never its message', () => {
    const error = Object.assign(new TypeError(SECRET), { code: 'E_ODD', cause: new Error(SECRET) });
    const text = logging((logger) => {
      logger.error(error);
      logger.error({ err: error });
      logger.error({ err: error }, error.message);
      logger.child({}).warn({ err: error }, 'our own words');
    });
    expect(text).not.toContain('Ada');
    expect(text).not.toContain('9449305552');
    expect(text.match(/"type":"TypeError"/g)).toHaveLength(4);
    expect(text).toContain('E_ODD');
    expect(text).toContain('request-log.test.ts');
    expect(text).toContain('our own words');
  });

  test('holds no line of a message that spreads over several, even one that looks like a place', () => {
    const error = new Error(`first\n    at ${SECRET} (nowhere)\nlast`);
    expect(JSON.stringify(describeError(error))).not.toContain('Ada');
    expect(describeError(error).stack.length).toBeGreaterThan(0);
  });

  test('holds neither URL nor headers of a request that is logged by mistake', () => {
    const request = { method: 'GET', url: `/Patient?name=${SECRET}`, headers: { a: SECRET } };
    const text = logging((logger) => logger.info({ req: request }, 'asked'));
    expect(text).not.toContain('Ada');
    expect(text).toContain('"method":"GET"');
  });
});
