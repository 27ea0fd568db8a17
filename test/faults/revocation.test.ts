import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { aBundle, aConsent, aPatient, aStatement } from '../support/bundles.ts';
import { openMongoFixture } from '../support/mongodb.ts';
import { nhsNumbers } from '../support/nhs-numbers.ts';
import { submissionOf } from '../support/requests.ts';
import { type ServerProcess, serverProcess } from '../support/server-process.ts';

const DEEP = process.env.SCR_TEST_DEEP === '1';
const TRIALS = DEEP ? 1_000 : 60;
const LIMIT_MS = DEEP ? 1_800_000 : 120_000;
/** The processes take turns at accepting connections, so that each of them gets half of these. */
const CONNECTIONS = 4;
const mongodb = inject('mongodbUrl');

describe('a consent change that was acknowledged', () => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const clean of cleanUp.splice(0).reverse()) await clean();
  });

  const start = async (environment: Record<string, string>): Promise<ServerProcess> => {
    const server = await serverProcess({ SCR_WORKERS: '2', ...environment });
    cleanUp.push(() => server.remove());
    await server.start();
    return server;
  };

  it(
    'holds for the very next request on every process',
    async () => {
      await tryAll(await start({}));
    },
    LIMIT_MS,
  );

  // Skipped only where no MongoDB-protocol server can be had; the global setup says so loudly.
  it.skipIf(mongodb === null)(
    'holds there on MongoDB too',
    async () => {
      const fixture = await openMongoFixture();
      cleanUp.push(() => fixture.dispose());
      await tryAll(await start({ SCR_STORE: fixture.url }));
    },
    LIMIT_MS,
  );
});

/** A choice as it is when it hides the record's statement from the viewer, and when it does not. */
interface Kind {
  readonly policy: string;
  readonly organization: string;
  readonly hiding: object;
  readonly showing: object;
}

const KINDS = (statement: string): readonly Kind[] => {
  const denying = { provision: { type: 'deny' } };
  const permitting = { provision: { type: 'permit' } };
  const naming = {
    type: 'deny',
    data: [{ meaning: 'instance', reference: { reference: statement } }],
  };
  return [
    { policy: 'sharing-out', organization: 'A81001', hiding: denying, showing: permitting },
    { policy: 'sharing-in', organization: 'RX1', hiding: denying, showing: permitting },
    { policy: 'view', organization: 'A81001', hiding: denying, showing: permitting },
    {
      policy: 'private-entry',
      organization: 'A81001',
      hiding: { provision: naming },
      showing: { provision: naming, status: 'inactive' },
    },
    {
      policy: 'scr-dissent',
      organization: 'A81001',
      hiding: denying,
      showing: { ...denying, status: 'inactive' },
    },
  ];
};

/**
 * Changes one choice after another, there and back, and asks at once on every connection: those who
 * had seen the statement must not see it, and see it again when they may.
 */
async function tryAll(server: ServerProcess): Promise<void> {
  const [nhsNumber = ''] = nhsNumbers(1);
  const web = new Web(server);
  const practice = await server.authorization({ role: 'gp-system', organization: 'A81001' });
  const submission = submissionOf(aBundle([aPatient(nhsNumber, 'A81001'), aStatement('1')]));
  const submit = () => web.send('POST', '$submit-record', practice, submission);
  const patient = /Patient\/([0-9a-f]+)/.exec((await submit()).body)?.[1] ?? '';
  const own = await server.authorization({ role: 'patient', nhsNumber });
  const viewing = { role: 'clinician', organization: 'RX1', purpose: 'TREAT', patient } as const;
  const viewer = await server.authorization(viewing);
  const path = `MedicationStatement?patient=${patient}`;
  const found = JSON.parse((await web.send('GET', path, own)).body);
  const kinds = KINDS(`MedicationStatement/${found.entry[0].resource.id}`);
  const ids = new Map<string, string>();
  const record = async ({ policy, organization }: Kind, more: object): Promise<void> => {
    const made = { dateTime: new Date(Date.now() - 1).toISOString(), ...more };
    const consent = aConsent(patient, policy, 'deny', organization, made);
    const id = ids.get(policy);
    const answer = await (id === undefined
      ? web.send('POST', 'Consent', own, consent)
      : web.send('PUT', `Consent/${id}`, own, { ...consent, id }));
    expect([answer.status, answer.body]).toEqual([id ? 200 : 201, expect.any(String)]);
    ids.set(policy, JSON.parse(answer.body).id);
  };
  const stale: string[] = [];
  const expectEverywhere = async (kind: Kind, visible: boolean): Promise<void> => {
    const answers = await web.sendOnAll('GET', path, viewer);
    const seen = answers.map(({ body }) => body.includes('"total":1'));
    if (seen.includes(!visible)) stale.push(`${kind.policy}, visible ${seen}, wanted ${visible}`);
  };
  try {
    for (let trial = 0; trial < TRIALS; trial++) {
      const kind = kinds[trial % kinds.length] as Kind;
      await record(kind, kind.hiding);
      await expectEverywhere(kind, false);
      await record(kind, kind.showing);
      // What was held when the patient opted out comes back with the next submission.
      if (kind.policy === 'scr-dissent') expect((await submit()).status).toBe(200);
      await expectEverywhere(kind, true);
    }
  } finally {
    web.close();
  }
  expect(stale).toEqual([]);
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** Connections that stay open, so that the same process answers on each of them every time. */
class Web {
  readonly #url: string;
  readonly #agents = Array.from(
    { length: CONNECTIONS },
    () => new Agent({ keepAlive: true, maxSockets: 1 }),
  );
  #turn = 0;

  constructor(server: ServerProcess) {
    this.#url = `${server.url}/FHIR/R4`;
  }

  send(method: string, path: string, authorization: string, body?: object): Promise<Answer> {
    const agent = this.#agents[this.#turn++ % CONNECTIONS];
    return this.#ask(agent, method, path, authorization, body);
  }

  sendOnAll(method: string, path: string, authorization: string): Promise<Answer[]> {
    return Promise.all(this.#agents.map((agent) => this.#ask(agent, method, path, authorization)));
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  #ask(
    agent: Agent | undefined,
    method: string,
    path: string,
    authorization: string,
    body?: object,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { authorization, 'content-type': 'application/fhir+json' };
      const sent = request(`${this.#url}/${path}`, { method, headers, agent }, (answer) => {
        text(answer).then((read) => resolve({ status: answer.statusCode, body: read }), reject);
      });
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
