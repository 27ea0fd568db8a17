import { createServer, type ServerResponse } from 'node:http';

/** A key server under a test's control. */
export interface KeyServer {
  readonly url: string;
  /** How many requests have arrived. */
  readonly requests: () => number;
  /** How many of them still wait for an answer. */
  readonly waiting: () => number;
  /** What it answers from now on: a body, a status, or null for silence. */
  answerWith(answer: unknown): void;
  close(): Promise<void>;
}

/** Starts a key server on a free port of the loopback address. */
export async function startKeyServer(first: unknown): Promise<KeyServer> {
  let answer = first;
  let requests = 0;
  const open = new Set<ServerResponse>();
  const server = createServer((_request, response) => {
    requests += 1;
    open.add(response);
    response.on('close', () => open.delete(response));
    reply(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/keys`,
    requests: () => requests,
    waiting: () => open.size,
    answerWith: (next) => {
      answer = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reply(response: ServerResponse, answer: unknown): void {
  if (answer === null) return;
  if (typeof answer === 'number') response.writeHead(answer, { location: '/elsewhere' }).end('{}');
  else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
}
