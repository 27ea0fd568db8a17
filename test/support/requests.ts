import type { LightMyRequestResponse } from 'fastify';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from './app.ts';

/** A caller with a token of their own, and what they can ask of the server. */
export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  put(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  /** A list is sent as a JSON Patch, an object as a FHIRPath Patch. */
  patch(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  delete(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A client of the server under test; `path` begins behind the FHIR base. */
export async function clientOf(app: TestApp, token: Omit<TokenRequest, 'now'>): Promise<Client> {
  const authorization = await app.authorization(token);
  const send = (method: Method, path: string, body?: unknown, headers = {}) =>
    app.server.inject({
      method,
      url: path === '' ? '/FHIR/R4' : `/FHIR/R4/${path}`,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': mediaTypeOf(body) }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: toText(body) }),
    });
  return {
    get: (path, headers = {}) => send('GET', path, undefined, headers),
    post: (path, body, headers = {}) => send('POST', path, body, headers),
    put: (path, body, headers = {}) => send('PUT', path, body, headers),
    patch: (path, body, headers = {}) => send('PATCH', path, body, headers),
    delete: (path, headers = {}) => send('DELETE', path, undefined, headers),
  };
}

function mediaTypeOf(body: unknown): string {
  return Array.isArray(body) ? 'application/json-patch+json' : 'application/fhir+json';
}

function toText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The Parameters resource that submits a record Bundle. */
export function submissionOf(bundle: object): object {
  return { resourceType: 'Parameters', parameter: [{ name: 'record', resource: bundle }] };
}

/** The integer of a Parameters answer by its name. */
export function countIn(response: LightMyRequestResponse, name: string): number | undefined {
  const parameters: { name: string; valueUnsignedInt?: number }[] = response.json().parameter;
  return parameters.find((each) => each.name === name)?.valueUnsignedInt;
}

/** The Patient id that a submission was answered with. */
export function patientIn(response: LightMyRequestResponse): string {
  const parameters: { name: string; valueReference?: { reference: string } }[] =
    response.json().parameter;
  const reference = parameters.find((each) => each.name === 'patient')?.valueReference?.reference;
  return (reference ?? '').replace('Patient/', '');
}
