import { FHIR_PATH } from './route.ts';

/** A route that needs no token. */
export interface PublicRoute {
  readonly path: string;
  /** One sentence for the OpenAPI document; null for the parts of the documentation page. */
  readonly summary: string | null;
  readonly mediaType: string;
}

export const METADATA_PATH = `${FHIR_PATH}/metadata`;
export const SMART_PATH = `${FHIR_PATH}/.well-known/smart-configuration`;
export const DEV_KEYS_PATH = '/dev/jwks.json';

const JSON_TYPE = 'application/json';
const HTML = 'text/html';

/**
 * Every route that answers without a token, by its exact template: what is not listed here needs
 * one, whatever its path begins with. All are read with GET (and HEAD).
 */
export const PUBLIC_ROUTES: readonly PublicRoute[] = [
  {
    path: METADATA_PATH,
    summary: 'The CapabilityStatement: what this server does.',
    mediaType: 'application/fhir+json',
  },
  {
    path: SMART_PATH,
    summary: 'The SMART App Launch configuration.',
    mediaType: JSON_TYPE,
  },
  { path: '/health/live', summary: 'Whether the process is alive.', mediaType: JSON_TYPE },
  {
    path: '/health/ready',
    summary: 'Whether the store answers, so that requests can be served.',
    mediaType: JSON_TYPE,
  },
  { path: '/metrics', summary: 'Measurements for Prometheus.', mediaType: 'text/plain' },
  { path: '/openapi.json', summary: 'This document.', mediaType: JSON_TYPE },
  { path: '/docs', summary: 'This reference as a page.', mediaType: HTML },
  { path: '/docs/', summary: null, mediaType: HTML },
  { path: '/docs/json', summary: null, mediaType: JSON_TYPE },
  { path: '/docs/yaml', summary: null, mediaType: 'application/x-yaml' },
  { path: '/docs/static/*', summary: null, mediaType: HTML },
  { path: '/docs/static/index.html', summary: null, mediaType: HTML },
  { path: '/docs/static/swagger-initializer.js', summary: null, mediaType: HTML },
  { path: DEV_KEYS_PATH, summary: null, mediaType: JSON_TYPE },
];

const PUBLIC_PATHS: ReadonlySet<string> = new Set(PUBLIC_ROUTES.map(({ path }) => path));

/** Whether a route, by its template, answers without a token. */
export function isPublic(method: string, template: string | null): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return template !== null && PUBLIC_PATHS.has(template);
}
