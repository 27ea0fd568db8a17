import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fastify, { type RouteHandlerMethod } from 'fastify';
import { type Collection, MongoClient } from 'mongodb';

/**
 * What everything is compared with: a Fastify route that returns a constant buffer. With a MongoDB
 * URL it first does what no server on MongoDB can do without: one `findOne` of a document with the
 * same buffer, and one journaled insert of an audit document, grouped with those that wait.
 * Arguments: size of the answer in bytes, number of processes, and a MongoDB URL or nothing. Prints
 * its port.
 */
const [size = '8192', workers = '1', mongodbUrl] = process.argv.slice(2);
const PATH = '/FHIR/R4/MedicationStatement';
const body = Buffer.alloc(Number(size), 'x');

if (workers === '1' || cluster.isWorker) say(await serve());
else {
  const started = Array.from({ length: Number(workers) }, () => cluster.fork());
  const ports = started.map(async (worker) => (await once(worker, 'listening'))[0].port);
  say((await Promise.all(ports))[0]);
  process.once('SIGTERM', () => {
    for (const worker of started) worker.kill();
  });
}

async function serve(): Promise<number> {
  const server = fastify();
  server.get(PATH, mongodbUrl === undefined ? constant() : await fromMongodb(mongodbUrl));
  await server.listen({ host: '127.0.0.1', port: 0 });
  return (server.server.address() as { port: number }).port;
}

function say(port: number): void {
  if (!cluster.isWorker) process.stdout.write(`${port}\n`);
}

type Handler = RouteHandlerMethod;

function constant(): Handler {
  return (_request, reply) => reply.header('content-type', 'application/fhir+json').send(body);
}

async function fromMongodb(url: string): Promise<Handler> {
  const client = await new MongoClient(url).connect();
  const database = client.db(`bare_${Date.now()}`);
  const records = database.collection<{ _id: string; body: Buffer }>('records');
  const append = groupedInsert(
    database.collection<AuditDocument>('audit', { writeConcern: { w: 1, j: true } }),
  );
  await records.insertOne({ _id: 'one', body });
  return async (_request, reply) => {
    const found = await records.findOne({ _id: 'one' }, { promoteBuffers: true });
    await append();
    return reply.header('content-type', 'application/fhir+json').send(found?.body);
  };
}

interface AuditDocument {
  readonly _id: string;
  readonly entry: string;
}

/** Inserts what queued up as soon as the last insert returned. */
function groupedInsert(audit: Collection<AuditDocument>): () => Promise<void> {
  const entry = 'x'.repeat(900);
  let waiting: (() => void)[] = [];
  let busy = false;
  const flush = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await audit.insertMany(group.map(() => ({ _id: randomUUID(), entry })));
      for (const done of group) done();
    }
    busy = false;
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!busy) void flush();
    });
}
