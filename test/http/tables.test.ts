import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OPENAPI_FILE, openApiText } from '../../src/cli/generate.ts';
import { AUDIT_PARAMETERS } from '../../src/domain/audit/audit-parameters.ts';
import { SEARCHES, type SearchableType } from '../../src/domain/search/search-table.ts';
import { isOperation } from '../../src/http/capability-statement.ts';
import { openApiPath } from '../../src/http/openapi.ts';
import { parameterNames } from '../../src/http/openapi-parameters.ts';
import { isPublic, PUBLIC_ROUTES } from '../../src/http/public-routes.ts';
import { FHIR_PATH } from '../../src/http/route.ts';
import { FHIR_ROUTES } from '../../src/http/route-table.ts';
import { startApp, type TestApp } from '../support/app.ts';

interface Statement {
  readonly rest: readonly [
    {
      readonly resource: readonly {
        readonly type: string;
        readonly interaction: readonly { readonly code: string }[];
        readonly searchParam?: readonly { readonly name: string }[];
        readonly searchInclude?: readonly string[];
        readonly searchRevInclude?: readonly string[];
        readonly conditionalCreate?: boolean;
        readonly conditionalUpdate?: boolean;
        readonly conditionalDelete?: string;
        readonly operation?: readonly { readonly name: string }[];
      }[];
      readonly interaction: readonly { readonly code: string }[];
      readonly operation: readonly { readonly name: string }[];
    },
  ];
}

interface Described {
  readonly paths: Record<string, Record<string, { readonly parameters?: { name: string }[] }>>;
}

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

describe('the CapabilityStatement', () => {
  let statement: Statement;
  beforeAll(async () => {
    const answer = await app.server.inject('/FHIR/R4/metadata');
    expect(answer.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
    statement = answer.json();
  });

  test('claims exactly the interactions that have a route', () => {
    const [rest] = statement.rest;
    const claimed = [...rest.resource, { type: 'System', interaction: rest.interaction }].flatMap(
      ({ type, interaction }) => interaction.map(({ code }) => `${code} ${type}`),
    );
    const routed = FHIR_ROUTES.filter((route) => !isOperation(route));
    const offered = routed.flatMap(({ interaction, alternative, type }) =>
      [interaction, alternative ?? interaction].map((code) => `${code} ${type}`),
    );
    expect(sorted(claimed)).toEqual(sorted(offered));
    expect(claimed).toHaveLength(new Set(claimed).size);
  });

  test('claims conditional changes exactly where there is a route by criteria', () => {
    for (const row of statement.rest[0].resource) {
      const has = (method: string) =>
        FHIR_ROUTES.some((route) => route.method === method && route.path === `/${row.type}`);
      expect([row.type, row.conditionalUpdate ?? false]).toEqual([row.type, has('PUT')]);
      expect([row.type, row.conditionalDelete === 'single']).toEqual([row.type, has('DELETE')]);
      const creates = has('POST') && row.type !== 'Consent';
      expect([row.type, row.conditionalCreate ?? false]).toEqual([row.type, creates]);
    }
  });

  test('claims exactly the operations that have a route', () => {
    const [rest] = statement.rest;
    const claimed = [...rest.resource, { type: 'System', operation: rest.operation }].flatMap(
      ({ type, operation }) => (operation ?? []).map(({ name }) => `${name} ${type}`),
    );
    const routed = FHIR_ROUTES.filter(isOperation).map((r) => `${r.interaction} ${r.type}`);
    expect(sorted(claimed)).toEqual(sorted(routed));
    expect(claimed).toHaveLength(new Set(claimed).size);
  });

  test('claims exactly the parameters and includes of the search table', () => {
    for (const [type, search] of Object.entries(SEARCHES)) {
      const row = statement.rest[0].resource.find((each) => each.type === type);
      expect(row?.searchParam?.map(({ name }) => name)).toEqual(
        search.parameters.map(({ name }) => name),
      );
      const includes = search.includes.length === 0 ? [] : ['*', ...search.includes];
      expect(row?.searchInclude ?? []).toEqual(includes);
      expect(row?.searchRevInclude ?? []).toEqual(search.revincludes);
    }
  });

  test('is served again as 304 to who has it', async () => {
    const first = await app.server.inject('/FHIR/R4/metadata');
    const headers = { 'if-none-match': String(first.headers.etag) };
    const again = await app.server.inject({ url: '/FHIR/R4/metadata', headers });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
    const other = { 'if-none-match': 'W/"other"' };
    const changed = await app.server.inject({ url: '/FHIR/R4/metadata', headers: other });
    expect(changed.statusCode).toBe(200);
  });
});

describe('the OpenAPI document', () => {
  test('is the one kept in openapi/scr.json: run `npm run generate` when it is not', async () => {
    expect(await readFile(OPENAPI_FILE, 'utf8')).toBe(openApiText());
  });

  test('is the one that the server serves', async () => {
    const answer = await app.server.inject('/openapi.json');
    expect(answer.json()).toEqual(JSON.parse(openApiText()));
  });

  test('describes every route, and no route that is not there', () => {
    const { paths } = JSON.parse(openApiText()) as Described;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const routed = [
      ...FHIR_ROUTES.map((r) => `${r.method.toLowerCase()} ${openApiPath(FHIR_PATH + r.path)}`),
      ...PUBLIC_ROUTES.filter((r) => r.summary !== null).map((r) => `get ${r.path}`),
    ];
    expect(described.sort()).toEqual(routed.sort());
  });

  test('lists for each search the parameters of the table, and no others', () => {
    const { paths } = JSON.parse(openApiText()) as Described;
    for (const type of Object.keys(SEARCHES) as SearchableType[]) {
      const listed = paths[`${FHIR_PATH}/${type}`]?.get?.parameters?.map(({ name }) => name);
      expect(listed).toEqual(parameterNames(type));
    }
  });
});

describe('the search table', () => {
  test('lists for AuditEvent exactly the parameters that the search understands', () => {
    expect(sorted(parameterNames('AuditEvent'))).toEqual(sorted(AUDIT_PARAMETERS));
  });

  test('has a row for each type with a search route, and no other', () => {
    const routed = FHIR_ROUTES.filter((r) => r.interaction === 'search-type').map((r) => r.type);
    expect(sorted(routed)).toEqual(sorted(Object.keys(SEARCHES)));
  });
});

describe('the routes of the server', () => {
  test('are the tables’, each once, and only the public ones answer without a token', async () => {
    const routed = FHIR_ROUTES.map((r) => `${r.method} ${r.path}`);
    expect(routed).toHaveLength(new Set(routed).size);
    for (const { method, path } of FHIR_ROUTES) {
      const url = FHIR_PATH + path.replace(':id', 'some-id');
      const answer = await app.server.inject({ method, url });
      expect([url, answer.statusCode]).toEqual([url, 401]);
      expect(isPublic(method, FHIR_PATH + path)).toBe(false);
    }
    for (const { path } of PUBLIC_ROUTES.filter((route) => !route.path.includes('*'))) {
      const answer = await app.server.inject(path);
      expect([path, [200, 302].includes(answer.statusCode)]).toEqual([path, true]);
    }
  });
});
