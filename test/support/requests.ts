import type { LightMyRequestResponse } from 'fastify';
import type { TokenRequest } from '../../src/adapters/jwt/mint-token.ts';
import type { TestApp } from './app.ts';

/** A caller with a token of their own, and what they can ask of the server. */
export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<LightMyRequestResponse>;
  post(path: string, body: unknown): Promise<LightMyRequestResponse>;
  put(path: string, body: unknown): Promise<LightMyRequestResponse>;
}

/** A client of the server under test; `path` begins behind the FHIR base. */
export async function clientOf(app: TestApp, token: Omit<TokenRequest, 'now'>): Promise<Client> {
  const authorization = await app.authorization(token);
  const send = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, headers = {}) =>
    app.server.inject({
      method,
      url: `/FHIR/R4/${path}`,
      headers: {
        authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: toText(body) }),
    });
  return {
    get: (path, headers = {}) => send('GET', path, undefined, headers),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
  };
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
