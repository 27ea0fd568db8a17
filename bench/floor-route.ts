import { hash, randomUUID } from 'node:crypto';
import { constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fastify, { type FastifyRequest } from 'fastify';

/**
 * The least that any server does who keeps the promise that an answer is recorded before it leaves:
 * the bare route with a token that is known, one read of the answer from SQLite, and one line for
 * the log, on disk before the answer, in one write with the lines of others that wait. No consent,
 * no search, no record; nothing can be found in its log. What it reaches of the bare route is what
 * a server could reach at most that does all the rest for nothing. Arguments: size of the answer in
 * bytes, and a folder to write to. Prints its port.
 */
const [size = '8192', folder = '.'] = process.argv.slice(2);
const PATH = '/FHIR/R4/MedicationStatement';
const ROWS = 1_000;

const server = fastify();
const answerAt = answers(Number(size));
const append = groupedAppend(join(folder, 'floor.log'));
const callers = new Map<string, string>();
let asked = 0;

server.get(PATH, async (request, reply) => {
  const line = JSON.stringify({
    id: randomUUID(),
    recorded: new Date().toISOString(),
    agent: callerOf(request),
    query: request.url,
  });
  asked += 1;
  const body = answerAt(asked % ROWS);
  await append(line);
  return reply.header('content-type', 'application/fhir+json').send(body);
});
await server.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${(server.server.address() as { port: number }).port}\n`);

/** As if it had been verified before. */
function callerOf({ headers: { authorization = '' } }: FastifyRequest): string {
  const token = hash('sha256', authorization);
  const known = callers.get(token) ?? `caller ${callers.size}`;
  callers.set(token, known);
  return known;
}

/** Answers of so many bytes in a database. */
function answers(bytes: number): (row: number) => Buffer {
  const database = new DatabaseSync(join(folder, 'floor.db'));
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE answers (id TEXT PRIMARY KEY, body BLOB)');
  const insert = database.prepare('INSERT INTO answers (id, body) VALUES (?, ?)');
  for (let row = 0; row < ROWS; row += 1) insert.run(`row-${row}`, Buffer.alloc(bytes, 'x'));
  const select = database.prepare('SELECT body FROM answers WHERE id = ?');
  return (row) => {
    const { body } = select.get(`row-${row}`) as { body: Uint8Array<ArrayBuffer> };
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  };
}

/** Writes what queued up in a turn of the event loop to a file that is as large as it gets. */
function groupedAppend(path: string): (line: string) => Promise<void> {
  const { O_WRONLY, O_CREAT, O_DSYNC } = constants;
  const file = openSync(path, O_WRONLY | O_CREAT | O_DSYNC);
  const capacity = writeSync(file, Buffer.alloc(64 * 1024 * 1024));
  let end = 0;
  let waiting: { readonly line: string; readonly done: () => void }[] = [];
  const flush = (): void => {
    const group = waiting;
    waiting = [];
    const bytes = Buffer.from(group.map(({ line }) => line).join('\n'));
    // Begins anew when it is full: here nobody reads it.
    if (end + bytes.length > capacity) end = 0;
    end += writeSync(file, bytes, 0, bytes.length, end);
    for (const { done } of group) done();
  };
  return (line) =>
    new Promise((done) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ line, done });
    });
}
