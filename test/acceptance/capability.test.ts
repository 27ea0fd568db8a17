import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestApp } from '../support/app.ts';
import { describeOnBothStores } from '../support/both-stores.ts';
import { NHS } from '../support/bundles.ts';
import type { Claimed, Row, Statement } from '../support/capability-claims.ts';
import { claimedSamples, type Samples, validated } from '../support/claimed-samples.ts';
import { claimOf, parametersOf } from '../support/parameters.ts';
import { type Client, submissionOf } from '../support/requests.ts';

type Answer = LightMyRequestResponse;

/** What is asked to see whether a claim holds; gives what is wrong, or null. */
type Exercise = (row: Row) => Promise<string | null>;

describeOnBothStores('every claim of the CapabilityStatement', (start) => {
  let app: TestApp;
  let samples: Samples;
  let statement: Statement;
  let rows: readonly Row[];

  beforeAll(async () => {
    app = await start();
    statement = (await app.server.inject('/FHIR/R4/metadata')).json();
    rows = statement.rest[0].resource;
    samples = await claimedSamples(app);
  });
  afterAll(() => app.close());

  const told = (answer: Answer, wanted: number): string | null =>
    answer.statusCode === wanted ? null : `${answer.statusCode} ${answer.body.slice(0, 300)}`;
  const reader = ({ type }: Row): Client =>
    type === 'AuditEvent' ? samples.auditor : type === 'Bundle' ? samples.viewer : samples.practice;
  const path = ({ type }: Row): string => `${type}/${samples.idOf(type)}`;
  const writer = ({ type }: Row): Client => (type === 'Consent' ? samples.staff : samples.practice);
  /** Runs an exercise on each row that makes a claim; nothing may be wrong, and some must claim. */
  const expectAll = async (claims: (row: Row) => boolean, exercise: Exercise): Promise<void> => {
    const claiming = rows.filter(claims);
    expect(claiming.length).toBeGreaterThan(0);
    const wrong: string[] = [];
    for (const row of claiming) {
      const found = await exercise(row);
      if (found !== null) wrong.push(`${row.type}: ${found}`);
    }
    expect(wrong).toEqual([]);
  };
  const offers = (code: string) => (row: Row) => row.interaction.some((each) => each.code === code);

  it('read: answers the resource, by its version and its date with 304 where it is known', async () => {
    await expectAll(offers('read'), async (row) => {
      const client = reader(row);
      const answer = await client.get(path(row));
      if (answer.statusCode !== 200 || answer.json().resourceType !== row.type) {
        return told(answer, -1);
      }
      if (row.conditionalRead !== 'full-support') return null;
      const { etag, 'last-modified': modified } = answer.headers;
      const known = await client.get(path(row), { 'if-none-match': String(etag) });
      const dated = await client.get(path(row), { 'if-modified-since': String(modified) });
      return told(known, 304) ?? told(dated, 304);
    });
  });

  it('vread and history: list the version that was read, of an instance and of a type', async () => {
    await expectAll(offers('vread'), async (row) => {
      expect(row.versioning).toBe('versioned');
      const { versionId } = (await reader(row).get(path(row))).json().meta;
      const answer = await reader(row).get(`${path(row)}/_history/${versionId}`);
      return told(answer, 200) ?? (answer.headers.etag === `W/"${versionId}"` ? null : 'no ETag');
    });
    for (const code of ['history-instance', 'history-type']) {
      await expectAll(offers(code), async (row) => {
        const where = code === 'history-type' ? row.type : path(row);
        const answer = await reader(row).get(`${where}/_history?patient=${samples.patient}`);
        if (answer.statusCode !== 200) return told(answer, 200);
        const { type, entry } = answer.json();
        return type === 'history' && entry.length > 0 ? null : 'it is empty';
      });
    }
  });

  it('search-type: finds the resource by query and by form', async () => {
    await expectAll(offers('search-type'), async (row) => {
      const query = row.type === 'AuditEvent' ? '_count=1000' : `_id=${samples.idOf(row.type)}`;
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      const answers = [
        await reader(row).get(`${row.type}?${query}`),
        await reader(row).post(`${row.type}/_search`, query, form),
      ];
      const lacking = answers.find(
        (each) => each.statusCode !== 200 || !each.body.includes(samples.idOf(row.type)),
      );
      return lacking === undefined ? null : told(lacking, -1);
    });
  });

  it('searchParam: each is understood, and used', async () => {
    await expectAll(
      ({ searchParam = [] }) => searchParam.length > 0,
      async (row) => {
        const alerts = row.searchParam?.filter(({ name }) => name.startsWith('alert')) ?? [];
        const others = row.searchParam?.filter((each) => !alerts.includes(each)) ?? [];
        return (
          (await usedBy(row, reader(row), others)) ?? (await usedBy(row, samples.officer, alerts))
        );
      },
    );
  });

  /** Asks for all of the parameters at once: what is not used is not in the `self` link. */
  const usedBy = async (row: Row, client: Client, claimed: readonly Claimed[]) => {
    if (claimed.length === 0) return null;
    const query = new URLSearchParams(
      claimed.map(({ name, type }) => [name, samples.valueFor(name, type)]),
    );
    if (row.type !== 'AuditEvent') query.set('_id', samples.idOf(row.type));
    if (row.type === 'Patient') query.set('identifier', `${NHS}|${samples.nhsNumber}`);
    const answer = await client.get(`${row.type}?${query}`, { prefer: 'handling=strict' });
    if (answer.statusCode !== 200) return told(answer, 200);
    const self = new URL(answer.json().link[0].url).searchParams;
    const unused = claimed.filter(({ name }) => !self.has(name)).map(({ name }) => name);
    return unused.length === 0 ? null : `not used: ${unused.join(', ')}`;
  };

  it('searchInclude and searchRevInclude: each is followed', async () => {
    for (const [element, parameter] of [
      ['searchInclude', '_include'],
      ['searchRevInclude', '_revinclude'],
    ] as const) {
      await expectAll(
        (row) => (row[element] ?? []).length > 0,
        async (row) => {
          const query = new URLSearchParams([
            ['_id', samples.idOf(row.type)],
            ...(row[element] ?? []).map((each) => [parameter, each]),
          ]);
          const strict = { prefer: 'handling=strict' };
          const answer = await reader(row).get(`${row.type}?${query}`, strict);
          if (answer.statusCode !== 200) return told(answer, 200);
          const self = new URL(answer.json().link[0].url).searchParams;
          const used = self.getAll(parameter).join();
          return used === row[element]?.join() ? null : `used: ${used}`;
        },
      );
    }
  });

  it('create and conditionalCreate: make a resource, once', async () => {
    await expectAll(offers('create'), async (row) => {
      const { body, criteria } = samples.fresh(row.type);
      const made = await writer(row).post(row.type, body);
      if (made.statusCode !== 201) return told(made, 201);
      if (!String(made.headers.location).includes(`/${row.type}/`)) return 'no Location';
      if (row.conditionalCreate !== true) return null;
      const again = await writer(row).post(row.type, body, { 'if-none-exist': criteria });
      return told(again, 200);
    });
  });

  it('update, conditionalUpdate and versioning: change it, and only the version that is meant', async () => {
    await expectAll(offers('update'), async (row) => {
      const { id, body, criteria } = await samples.written(row.type, writer(row));
      const stale = { 'if-match': 'W/"stale"' };
      const changed = { ...body, id, language: 'en-GB' };
      const missed = await writer(row).put(`${row.type}/${id}`, changed, stale);
      const done = await writer(row).put(`${row.type}/${id}`, changed);
      const own = await writer(row).put(`${row.type}/of-my-making`, {
        ...body,
        id: 'of-my-making',
      });
      const simple = told(missed, 412) ?? told(done, 200);
      if (simple !== null) return simple;
      if (row.updateCreate !== false || own.statusCode < 400) return told(own, 404);
      if (row.conditionalUpdate !== true) return null;
      const again = { ...body, id: undefined, language: 'cy' };
      return told(await writer(row).put(`${row.type}?${criteria}`, again), 200);
    });
  });

  it('patch: by each patchFormat', async () => {
    const patches: Readonly<Record<string, unknown>> = {
      'application/json-patch+json': [{ op: 'add', path: '/language', value: 'en' }],
      'application/fhir+json': {
        resourceType: 'Parameters',
        parameter: [
          {
            name: 'operation',
            part: [
              { name: 'type', valueCode: 'replace' },
              { name: 'path', valueString: '{}.language' },
              { name: 'value', valueCode: 'cy' },
            ],
          },
        ],
      },
    };
    expect(Object.keys(patches)).toEqual(statement.patchFormat);
    await expectAll(offers('patch'), async (row) => {
      const { id } = await samples.written(row.type, writer(row));
      for (const format of statement.patchFormat) {
        const text = JSON.stringify(patches[format]).replace('{}', row.type);
        const headers = { 'content-type': format };
        const answer = await writer(row).patch(`${row.type}/${id}`, text, headers);
        if (answer.statusCode !== 200) return `${format}: ${told(answer, 200)}`;
      }
      return null;
    });
  });

  it('delete and conditionalDelete: withdraw it', async () => {
    await expectAll(offers('delete'), async (row) => {
      const { id, body, criteria } = await samples.written(row.type, writer(row));
      const done = await writer(row).delete(`${row.type}/${id}`);
      const after = await writer(row).get(`${row.type}/${id}`);
      const simple = told(done, 204) ?? told(after, 410);
      if (simple !== null || row.conditionalDelete !== 'single') return simple;
      await writer(row).post(row.type, body);
      const again = await writer(row).delete(`${row.type}?${criteria}`);
      return told(again, 204) ?? told(await writer(row).get(`${row.type}/${id}`), 410);
    });
  });

  it('operations on resources: each does what it is for', async () => {
    const asked: Readonly<Record<string, (row: Row) => Promise<Answer>>> = {
      meta: (row) => reader(row).get(`${path(row)}/$meta`),
      validate: (row) => validated(reader(row), row.type, samples),
      everything: (row) => reader(row).get(`${path(row)}/$everything`),
      summary: (row) => reader(row).get(`${path(row)}/$summary`),
      'resolve-alert': async () => {
        const queue = await samples.officer.get('AuditEvent?alert=true&alert-status=open');
        const { id } = queue.json().entry[0].resource;
        const parameters = { action: { valueCode: 'close' }, reason: { valueString: 'Seen.' } };
        return samples.officer.post(`AuditEvent/${id}/$resolve-alert`, parametersOf(parameters));
      },
    };
    await expectAll(
      ({ operation = [] }) => operation.length > 0,
      async (row) => {
        for (const { name } of row.operation ?? []) {
          const answer = await asked[name]?.(row);
          const wanted = name === 'resolve-alert' ? 201 : 200;
          if (answer?.statusCode !== wanted)
            return `${name}: ${answer?.statusCode} ${answer?.body}`;
        }
        return null;
      },
    );
    const token = encodeURIComponent(`${NHS}|${samples.nhsNumber}`);
    expect((await samples.practice.get(`Patient/$summary?identifier=${token}`)).statusCode).toBe(
      200,
    );
  });

  it('of the whole server: interactions and operations', async () => {
    const bundle = (type: string, url: string) => ({
      resourceType: 'Bundle',
      type,
      entry: [{ request: { method: 'GET', url } }],
    });
    const url = `Patient/${samples.patient}`;
    const asked: Readonly<Record<string, () => Promise<Answer>>> = {
      'history-system': () => samples.practice.get(`_history?patient=${samples.patient}`),
      batch: () => samples.practice.post('', bundle('batch', url)),
      transaction: () => samples.practice.post('', bundle('transaction', url)),
      'submit-record': () => samples.practice.post('$submit-record', submissionOf(samples.record)),
      'claim-relationship': () =>
        samples.viewer.post('$claim-relationship', claimOf(samples.nhsNumber, 'care-episode')),
      'explain-access': () =>
        samples.staff.post(
          '$explain-access',
          parametersOf({
            patient: { valueReference: { reference: url } },
            role: { valueCode: 'clinician' },
            organization: { valueString: 'RX1' },
          }),
        ),
    };
    const [{ interaction, operation }] = statement.rest;
    const claimed = [...interaction.map(({ code }) => code), ...operation.map(({ name }) => name)];
    expect(claimed.toSorted()).toEqual(Object.keys(asked).toSorted());
    const statuses: Record<string, number | undefined> = {};
    for (const name of claimed) statuses[name] = (await asked[name]?.())?.statusCode;
    const wanted = Object.fromEntries(
      claimed.map((name) => [name, name.startsWith('claim') ? 201 : 200]),
    );
    expect(statuses).toEqual(wanted);
  });

  it('format: each is answered, and another is not', async () => {
    for (const format of statement.format) {
      const query = `_format=${encodeURIComponent(format)}`;
      const answer = await samples.practice.get(`Patient/${samples.patient}?${query}`);
      expect([format, answer.statusCode]).toEqual([format, 200]);
    }
    expect((await samples.practice.get(`Patient/${samples.patient}?_format=xml`)).statusCode).toBe(
      406,
    );
  });
});
